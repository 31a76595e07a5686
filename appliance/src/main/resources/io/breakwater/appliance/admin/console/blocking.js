/** The dialogue that blocks a source, and the button that ends a block. */

import { block, unblock } from './box.js';
import { byId } from './dom.js';
import { clock } from './format.js';

/** Wires the dialogue up; `done` is told what happened, in words. */
export function blocking(done) {
  const dialog = byId('blocking');
  const problem = byId('blocking-problem');

  byId('blocking-cancel').addEventListener('click', () => dialog.close());
  byId('blocking-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      const made = await block(byId('prefix').value.trim(), byId('duration').value, byId('comment').value);
      dialog.close();
      done(`${made.prefix} is blocked until ${clock(new Date(made.until))}`);
    } catch (refused) {
      problem.textContent = `Not blocked: ${refused.message}`;
      byId('prefix').focus();
    }
  });

  return {
    ask(prefix, comment) {
      problem.textContent = '';
      byId('prefix').value = prefix;
      byId('comment').value = comment;
      dialog.showModal();
      byId(prefix ? 'duration' : 'prefix').focus();
    },
    async end(prefix) {
      try {
        await unblock(prefix);
        done(`${prefix} is free again`);
      } catch (refused) {
        done(`${prefix} stays blocked: ${refused.message}`);
      }
    },
  };
}
