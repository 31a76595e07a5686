/**
 * Looks at the console with a real browser and checks what it shows.
 *
 * usage: node watch.mjs SCENE URL SCREENSHOTS   (NODE_PATH's place is taken by BROWSER_MODULES, where npm put the modules)
 *
 * Says "ready" when the test that started it shall go on with its part. Exit code 1 and one line per problem if there is any.
 */

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const require = createRequire(path.join(process.env.BROWSER_MODULES, 'package.json'));
const { chromium } = require('playwright-core');

const [, , scene, url, screenshots] = process.argv;
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 30_000);
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const problems = [];

function check(holds, problem) {
  if (!holds) {
    problems.push(problem);
  }
}

/** A page that shows the box, and tells of everything that the browser complains about. */
async function open(browser, { viewport = DESKTOP, colorScheme = 'light', first = '#main', now = null, ...more } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1, ...more });
  if (now) {
    await context.clock.setFixedTime(now);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => check(request.url().startsWith(url), `the page asks elsewhere: ${request.url()}`));
  await page.goto(url);
  await page.locator(first).waitFor();
  return { page, context, complaints };
}

const text = (page, selector) => page.locator(selector).innerText();

/** Waits until a condition on the page's text holds; the problem says what was there instead. */
async function until(page, selector, pattern) {
  const deadline = Date.now() + PATIENCE_MS;
  let seen = '';
  do {
    seen = (await page.locator(selector).allInnerTexts()).join('\n');
    if (pattern.test(seen)) {
      return seen;
    }
    await page.waitForTimeout(200);
  } while (Date.now() < deadline);
  problems.push(`${selector} never said ${pattern}, but: ${seen.replaceAll('\n', ' | ').slice(0, 300)}`);
  return seen;
}

async function picture(page, name) {
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
}

/** Whether a canvas has something drawn on it. */
async function isDrawn(page, id) {
  return page.locator(`#${id}`).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 100) {
        colours.add(`${data[i] >> 4} ${data[i + 1] >> 4} ${data[i + 2] >> 4}`);
      }
    }
    return colours.size > 3;
  });
}

/** Waits until all charts have something drawn on them. */
async function drawn(page) {
  const deadline = Date.now() + PATIENCE_MS;
  for (const id of ['verdicts', 'reasons', 'latency']) {
    while (!(await isDrawn(page, id)) && Date.now() < deadline) {
      await page.waitForTimeout(200);
    }
    check(await isDrawn(page, id), `nothing is drawn in ${id}`);
  }
}

const scenes = {
  async attack(browser) {
    const { page, complaints } = await open(browser);
    check(/Forwarding/.test(await until(page, '#state', /Forwarding/)), 'the state is not shown');
    await until(page, '#mode', /Enforce/);
    const attacks = await until(page, '#attack-list', /memcached[^]*on[^]*198\.18\.100\.10/);
    await until(page, '#attack-list', /ssdp[^]*on[^]*2001:db8:100::10/);
    check(/Pair uplink, since \d\d:\d\d:\d\d/.test(attacks), `no word when the attack began: ${attacks.slice(0, 200)}`);
    check(/198\.18\.66\.1\b/.test(attacks), 'the heaviest reflector is not named');
    await until(page, '#reason-table', /reflection:memcached/);
    await until(page, '#reason-table', /blocked-source/);
    await until(page, '#talkers', /Reflectors[^]*198\.18\.66\.1\b/);
    await until(page, '#talkers', /Victims[^]*198\.18\.100\.10/);
    const events = await until(page, '#events', /attack by memcached on 198\.18\.100\.10 has started/);
    check(!/goes on/.test(events), 'the list of events is full of how attacks go on');
    await until(page, '#latency-words', /Inbound: half under/);
    await until(page, '#policy-about', /policy\.yaml/);
    check((await page.locator('#policy').textContent()).includes('198.18.77.0/24'), 'the policy is not shown');
    await drawn(page);
    check((await page.title()).startsWith('('), `the title does not tell of attacks: ${await page.title()}`);
    await picture(page, 'desktop-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(1500);
    await picture(page, 'desktop-dark');
    check(complaints.length === 0, `the browser complains: ${complaints.join('; ')}`);
  },

  async phone(browser) {
    const { page, complaints } = await open(browser, { viewport: PHONE, hasTouch: true });
    await until(page, '#attack-list', /memcached/);
    await drawn(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(wider <= 0, `the page is ${wider} px wider than a phone`);
    await picture(page, 'phone-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(1500);
    await picture(page, 'phone-dark');
    check(complaints.length === 0, `the browser complains: ${complaints.join('; ')}`);
  },

  /** Names, addresses and comments as long as they may be, without a space, on a small phone and on a desktop. */
  async long(browser) {
    const { page } = await open(browser);
    const blocks = [
      ['198.18.55.1', 'x'.repeat(200)],
      ['2001:db8:1234:5678:9abc:def0:1234:5678', 'https://tickets.example.net/browse/INCIDENT-2026-11-22-DRDOS'],
    ];
    for (const [source, comment] of blocks) {
      await page.locator('#block').click();
      await page.locator('#prefix').fill(source);
      await page.locator('#comment').fill(comment);
      await page.keyboard.press('Enter');
      await until(page, '#blocks', new RegExp(comment));
    }
    for (const width of [360, 1440]) {
      const narrow = await open(browser, { viewport: { width, height: 844 } });
      await until(narrow.page, '#reason-table', new RegExp(process.env.LONG_NAME));
      await until(narrow.page, '#talkers', new RegExp(process.env.LONG_NAME));
      await until(narrow.page, '#attack-list', /too many to count each[^]*2001:db8:aaaa:bbbb:cccc:dddd:eeee:\S+\s+\d+ to \d/);
      await until(narrow.page, '#blocks', new RegExp(blocks[0][1]));
      await drawn(narrow.page);
      const wider = await narrow.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(wider <= 0, `the page is ${wider} px wider than a screen of ${width} px`);
      const hidden = await narrow.page.locator('button').evaluateAll((buttons) => buttons
        .filter((button) => button.getBoundingClientRect().right > innerWidth)
        .map((button) => button.ariaLabel ?? button.textContent));
      check(hidden.length === 0, `at ${width} px not to be seen without scrolling: ${hidden.join(', ')}`);
      await picture(narrow.page, `long-${width}`);
      await narrow.context.close();
    }
    for (const [source] of blocks) {
      await page.locator(`#blocks button[aria-label^="Unblock ${source}"]`).click();
    }
    await until(page, '#blocks', /No source is blocked/);
  },

  /** How long frames stay is the difference of two answers; after the first there is none. */
  async opening(browser) {
    const { page } = await open(browser);
    let asked = 0;
    await page.route('**/metrics', (route) => asked++ === 0 ? route.continue() : null);
    await until(page, '#latency-words', /Inbound: not measured yet\./);
  },

  /** A reader's clock may be wrong; how long an attack lasts is not the reader's to say. */
  async skewed(browser) {
    const { page } = await open(browser, { now: new Date(Date.now() - 7_200_000) });
    await until(page, '#attack-list', /memcached[^]*for [1-9]\d* (s|min)/);
  },

  async accessible(browser) {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    for (const [colorScheme, viewport] of [['light', DESKTOP], ['dark', DESKTOP], ['light', PHONE]]) {
      // The page's own security policy keeps axe out, as it should.
      const { page, context } = await open(browser, { colorScheme, viewport, bypassCSP: true });
      await until(page, '#attack-list', /memcached/);
      await until(page, '#talkers', /Reflectors/);
      await page.evaluate(axe);
      const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const scan = () => page.evaluate((values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }), rules);
      const found = (await scan()).violations;
      await page.locator('#block').click();
      found.push(...(await scan()).violations);
      for (const { id, help, nodes } of found) {
        problems.push(`${colorScheme} ${viewport.width} px: ${id} (${help}): ${nodes[0].target.join(' ')}: ${nodes[0].failureSummary.replaceAll('\n', ' ').slice(0, 200)}`);
      }
      await context.close();
    }
  },

  /** Blocks the heaviest reflector by the keyboard alone, and frees it. */
  async block(browser) {
    const { page, complaints } = await open(browser);
    await until(page, '#attack-list', /198\.18\.66\.1\b/);
    const button = page.locator('#attack-list button[aria-label="Block 198.18.66.1"]').first();
    await button.focus();
    await page.keyboard.press('Enter');
    check((await page.locator('#prefix').inputValue()) === '198.18.66.1', 'the address is not in the dialogue');
    await page.locator('#prefix').fill('not an address');
    await page.keyboard.press('Enter');
    await until(page, '#blocking-problem', /Not blocked: .*address/i);
    await page.locator('#prefix').fill('198.18.66.1');
    await page.locator('#comment').fill('<img src=x onerror=alert(1)>');
    await page.keyboard.press('Enter');
    await until(page, '#blocks', /198\.18\.66\.1[^]*<img src=x onerror=alert\(1\)>/);
    await until(page, '#said', /198\.18\.66\.1\S* is blocked until/);
    await until(page, '#events', /198\.18\.66\.1/);
    check((await page.locator('#blocks img, #events img').count()) === 0, 'text became HTML');
    await page.locator('#blocks button').first().focus();
    await page.keyboard.press('Enter');
    await until(page, '#blocks', /No source is blocked/);
    const refusal = complaints.filter((complaint) => !/422|400/.test(complaint));
    check(refusal.length === 0, `the browser complains: ${refusal.join('; ')}`);
  },

  async monitor(browser) {
    const { page } = await open(browser);
    await until(page, '#mode', /Monitor/);
    await until(page, '#warnings', /Monitor mode: every frame is forwarded/);
    await until(page, '#figures', /Would drop/);
    await until(page, '#reasons-title', /Would be dropped/);
    await picture(page, 'monitor-light');
  },

  /** The test stops the box after "ready", and lets it go on after "stale". */
  async stale(browser) {
    const { page } = await open(browser);
    await until(page, '#figures', /Coming in/);
    console.log('ready');
    await until(page, '#warnings', /The box does not answer since \d\d:\d\d:\d\d.*tunnel/);
    await until(page, '#state', /Not reachable/);
    check((await page.title()).startsWith('(!)'), 'the title does not tell that figures are old');
    await picture(page, 'stale-light');
    console.log('stale');
    await until(page, '#state', /Forwarding/);
    await page.waitForTimeout(1000);
    check(!/does not answer/.test(await text(page, '#warnings')), 'the warning stays although the box is back');
  },

  /** The very numbers that the test has sent; EXPECTED is what the elements must say, by selector, as a JSON object. */
  async numbers(browser) {
    const { page } = await open(browser);
    for (const [selector, words] of Object.entries(JSON.parse(process.env.EXPECTED))) {
      await until(page, selector, new RegExp(words));
    }
  },

  /** Over TLS from another host, with the token of TOKEN and no other. */
  async 'sign-in'(browser) {
    const { page, complaints } = await open(browser, { first: '#sign-in' });
    check(url.startsWith('https:'), 'this is not TLS');
    check(!(await page.locator('#main').isVisible()), 'figures are shown to somebody without a token');
    await until(page, '#state', /Signed out/);
    await picture(page, 'sign-in');
    await page.locator('#token').fill('not-the-token-0123456789');
    await page.keyboard.press('Enter');
    await until(page, '#sign-in-problem', /does not know this token/);
    await page.locator('#token').fill(process.env.TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('#main').waitFor();
    await until(page, '#state', /Forwarding/);
    await until(page, '#policy-about', /policy\.yaml/);
    await until(page, '#events', /forwarding/);
    // What happens from now on comes over the stream, which wants the token too.
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.locator('#block').click();
    await page.locator('#prefix').fill('198.18.66.9');
    await page.keyboard.press('Enter');
    await until(page, '#events', /198\.18\.66\.9\S* is blocked/);
    check(!asked.some((asking) => /events\?/.test(asking)), 'the event came by asking, not by the stream');
    check(!asked.some((asking) => asking.includes(process.env.TOKEN)), 'the token is in an address');
    await page.reload();
    await page.locator('#main').waitFor();
    await until(page, '#blocks', /198\.18\.66\.9/);
    check(!(await page.locator('#sign-in').isVisible()), 'a reload asks for the token again');
    await picture(page, 'signed-in');
    const others = complaints.filter((complaint) => !/401/.test(complaint));
    check(others.length === 0, `the browser complains: ${others.join('; ')}`);
  },

  async keyboard(browser) {
    const { page } = await open(browser);
    await until(page, '#talkers', /Reflectors/);
    await page.keyboard.press('Tab');
    check((await page.locator(':focus').innerText()) === 'To the attacks', 'the first stop is not the way to the attacks');
    const stops = new Set();
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      stops.add(await page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.textContent));
    }
    for (const stop of ['pause', 'lane', 'unit', 'by', 'block', 'events']) {
      check(stops.has(stop), `the keyboard does not reach ${stop}: ${[...stops].join(', ').slice(0, 300)}`);
    }
    await page.locator('#pause').focus();
    await page.keyboard.press('Space');
    await until(page, '#warnings', /Paused/);
    const before = await text(page, '#figures');
    await page.waitForTimeout(3000);
    check(before === (await text(page, '#figures')), 'figures move although the page is paused');
  },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  // The lab runs as root, for which Chromium has no sandbox; it loads nothing but the box's own page here.
  args: [
    '--no-sandbox', '--disable-gpu', '--no-proxy-server', '--disable-dev-shm-usage',
    // The box's own certificate, and no other, is trusted without an authority that vouches for it.
    ...process.env.CERTIFICATE_KEY ? [`--ignore-certificate-errors-spki-list=${process.env.CERTIFICATE_KEY}`] : [],
  ],
});
try {
  await scenes[scene](browser);
} catch (error) {
  problems.push(String(error).split('\n').slice(0, 3).join(' '));
} finally {
  await browser.close();
}
problems.forEach((problem) => console.log(problem));
process.exit(problems.length ? 1 : 0);
