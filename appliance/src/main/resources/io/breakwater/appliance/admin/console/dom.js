/** Builds elements. Whatever text comes in stays text: nothing here, or anywhere in the console, takes HTML. */

/** An element with attributes; a property that is true is set, one that is false or null is left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') {
      element.addEventListener('click', value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Sets text only when it is another one, so that screen readers and selections are left in peace. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * A table. Columns: {title, number, wide, unseen}; rows: arrays of cells, each text or an element.
 */
export function table(caption, columns, rows) {
  const kind = (column) => [column.number ? 'number' : '', column.wide ? 'wide' : ''].join(' ').trim() || null;
  const head = columns.map((column) =>
    el('th', { scope: 'col', class: kind(column) }, column.unseen ? el('span', { class: 'unseen' }, column.title) : column.title));
  const body = rows.map((cells) => el('tr', {}, ...cells.map((cell, i) => el('td', { class: kind(columns[i]) }, cell))));
  return el('table', {}, caption && el('caption', {}, ...[caption].flat()), el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body));
}

/** How long what is pointed at or holds the focus stays as it is, so that no button moves under a finger. */
const HELD_MS = 4000;

/** Replaces what an element holds, unless somebody is about to press something in it; keeps the focus. */
export function replace(container, ...children) {
  if (isHeld(container)) {
    return;
  }
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  container.replaceChildren(...children);
  if (focused) {
    [...container.querySelectorAll('[data-key]')].find((each) => each.dataset.key === focused)?.focus({ preventScroll: true });
  }
}

/** Something was done about what it holds: lets the next `replace` through. */
export function release(container) {
  touched.set(container, -HELD_MS);
}

const touched = new WeakMap();
const watched = new WeakSet();

function isHeld(container) {
  if (!watched.has(container)) {
    watched.add(container);
    for (const type of ['pointermove', 'pointerdown', 'focusin']) {
      container.addEventListener(type, (event) => {
        if (event.target.closest('button')) {
          touched.set(container, performance.now());
        }
      });
    }
  }
  return performance.now() - (touched.get(container) ?? -HELD_MS) < HELD_MS;
}
