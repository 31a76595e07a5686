/** The console: asks the box once a second, and shows what it says or that it says nothing. */

import { Refused, followEvents, getJson, getText, hasToken, setToken } from './box.js';
import { blocking } from './blocking.js';
import { byId, release, setText } from './dom.js';
import { clock } from './format.js';
import { Areas, Histogram } from './plots.js';
import { Rates } from './rates.js';
import * as views from './views.js';

const STATUS_MS = 1000;
const MORE_MS = 2000;
const NO_ANSWER = 'is Breakwater running, and the tunnel to it open?';
/** Figures older than this are called old. */
const STALE_MS = 4000;
const EVENTS_SHOWN = 100;

const rates = new Rates();
const plots = { verdicts: new Areas(byId('verdicts')), reasons: new Areas(byId('reasons')), latency: new Histogram(byId('latency')) };
let status = null;
let answeredAt = 0;
let trouble = '';
let paused = false;
/** No question is worth asking before somebody has given the token that the box wants. */
let signedOut = false;
let policyLoaded = null;

const dialog = blocking((words) => {
  say(words);
  release(byId('blocks'));
  refreshBlocks().catch(onTrouble);
});

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

function say(words) {
  const said = byId('said');
  said.textContent = '';
  said.textContent = words;
}

/** Repeats a question for ever, one at a time; what goes wrong is told by the age of the status. */
async function every(ms, question) {
  for (;;) {
    const started = performance.now();
    if (!paused && !signedOut) {
      await question().catch(onTrouble);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(100, ms - (performance.now() - started))));
  }
}

function onTrouble(problem) {
  trouble = problem instanceof Refused ? problem.message : NO_ANSWER;
  if (problem.status === 401) {
    signOut(hasToken() ? 'The box does not know this token; the first line of its file is what it wants.' : '');
  }
}

function signOut(words) {
  const again = signedOut;
  signedOut = true;
  status = null;
  setText(byId('sign-in-problem'), words);
  byId('sign-in').hidden = false;
  byId('main').hidden = true;
  if (!again) {
    byId('token').focus();
  }
}

async function askStatus() {
  const answer = await getJson('/api/v1/status');
  status = answer;
  answeredAt = performance.now();
  trouble = '';
  byId('sign-in').hidden = true;
  byId('main').hidden = false;
  rates.takeStatus(status);
  showStatus();
}

function showStatus() {
  views.showFigures(status, rates);
  views.showAttacks(status, dialog.ask);
  views.showTraffic(status, rates, plots, chosen('lane'), chosen('unit'));
  views.showPorts(status);
  if (status.policy.loaded !== policyLoaded) {
    askPolicy(status.policy).catch(onTrouble);
  }
}

async function askPolicy(policy) {
  const yaml = await getText('/api/v1/policy');
  policyLoaded = policy.loaded;
  views.showPolicy(policy, yaml);
}

async function askMore() {
  if (status === null) {
    return;
  }
  const [top, page] = await Promise.all([getJson(`/api/v1/top?by=${chosen('by')}&seconds=10&limit=6`), getText('/metrics')]);
  views.showTop(top, dialog.ask);
  rates.takeMetrics(page);
  views.showLatency(rates, plots.latency);
  await refreshBlocks();
}

async function refreshBlocks() {
  const { blocks } = await getJson('/api/v1/blocks');
  views.showBlocks(blocks, dialog.end);
}

function onEvent(event) {
  // How attacks go on is shown live; listed too, it would push out how they began.
  if (event.event !== 'attack-update') {
    views.addEvent(event, EVENTS_SHOWN);
  }
  if (event.severity !== 'info' && Date.now() - new Date(event.time) < 10_000) {
    say(event.message);
  }
}

/** Runs whatever the network does: says so when figures are old. */
function look() {
  const fresh = status !== null && performance.now() - answeredAt < STALE_MS;
  const stale = !fresh && !paused;
  if (signedOut) {
    views.showWarnings([]);
    views.showSignedOut();
    document.title = 'Breakwater: sign in';
    return;
  }
  const warnings = status === null ? [] : views.warningsOf(status);
  if (stale && (status !== null || trouble)) {
    const since = status === null ? '' : ` since ${clock(new Date(performance.timeOrigin + answeredAt))}, and all figures are from then`;
    warnings.unshift(['error', `The box does not answer${since}: ${trouble || NO_ANSWER}`]);
  }
  if (paused) {
    warnings.unshift(['', 'Paused: figures stand still. Events still come in.']);
  }
  views.showWarnings(warnings);
  document.body.classList.toggle('stale', stale && status !== null);
  if (status !== null || trouble) {
    views.showState(status, fresh || paused);
  }
  const attacks = status?.attacks.length ?? 0;
  document.title = `${stale ? '(!) ' : attacks ? `(${attacks}) ` : ''}Breakwater`;
}

byId('pause').addEventListener('click', (event) => {
  paused = !paused;
  event.currentTarget.setAttribute('aria-pressed', String(paused));
  setText(event.currentTarget, paused ? 'Go on' : 'Pause');
  look();
});
byId('block').addEventListener('click', () => dialog.ask('', ''));
byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  signedOut = false;
  setToken(byId('token').value.trim());
  byId('token').value = '';
  askStatus().catch(onTrouble);
});
for (const name of ['lane', 'unit']) {
  byId(name).addEventListener('change', () => status && showStatus());
}
byId('by').addEventListener('change', () => askMore().catch(onTrouble));

every(STATUS_MS, askStatus);
every(MORE_MS, askMore);
followEvents(onEvent);
setInterval(look, 500);
