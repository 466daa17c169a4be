// The loader, to play with: a model of torch's DataLoader (a port of snippets/lab/loader_model.py, to which
// tests/browser/test_simulator.py holds it), and a picture of what it says of the reader's own numbers.

// The model. Nothing here knows of a page.

/**
 * A `Batch` and a `Loader` have the fields that they have in loader_model.py.
 *
 * What a process does for a while. Lane 0 is the main process, lane 1 the first worker. `beside`: in a second thread.
 * @typedef {{ lane: number, role: string, start: number, end: number, batch: number | null, beside?: boolean }} Span
 *
 * What comes next: to wait or to compute for so long, or to be idle until woken.
 * @typedef {{ kind: string, seconds: number, role: string, batch: number | null, began: number }} Phase
 */

const OVER = 1e-12;

function phase(kind, seconds, role, batch = null) {
  return { kind, seconds, role, batch, began: 0 };
}

function idle(batch = null) {
  return phase("idle", Infinity, "wait", batch);
}

/** As `_MultiProcessingDataLoaderIter`: what is assigned, what has arrived, what lies in the stash. */
class State {
  constructor(batches, loader) {
    Object.assign(this, { batches, loader, sent: 0, worker: 0, madeBy: [], arrived: [], stash: new Set() });
    this.queues = Array.from({ length: loader.num_workers }, () => []);
    this.tasks = this.queues.map(() => 0);
    this.made = this.queues.map(() => []);
  }

  assign() {
    if (this.sent === this.batches.length) {
      return;
    }
    let chosen = -1;
    for (let tried = 0; tried < this.queues.length && chosen < 0; tried += 1) {
      if (this.loader.in_order || this.tasks[this.worker] < this.loader.prefetch_factor) {
        chosen = this.worker;
      }
      this.worker = (this.worker + 1) % this.queues.length;
    }
    if (chosen < 0) {
      return;
    }
    this.queues[chosen].push(this.sent);
    this.wake(chosen + 1);
    this.madeBy[this.sent] = chosen;
    this.tasks[chosen] += 1;
    this.sent += 1;
  }

  taken(batch) {
    this.tasks[this.madeBy[batch]] -= 1;
    this.assign();
  }
}

function* making(state, number) {
  const { loader, batches } = state;
  const queue = state.queues[number];
  yield phase("wait", loader.start * (number + 1), "start-up");
  yield phase("compute", loader.begin, "start-up");
  for (;;) {
    if (!queue.length) {
      yield idle();
    }
    const batch = queue.shift();
    yield phase("wait", batches[batch].wait, "fetch", batch);
    yield phase("compute", batches[batch].compute, "fetch", batch);
    state.made[number].push(batch);
    state.wake(loader.num_workers + number + 1);
  }
}

/** The thread of a worker that pickles what is made, and writes it into the pipe. */
function* sending(state, number) {
  const made = state.made[number];
  for (;;) {
    if (!made.length) {
      yield idle();
    }
    const batch = made.shift();
    yield phase("compute", state.loader.send, "receive", batch);
    state.arrived.push(batch);
    state.wake(0);
  }
}

function* alone(state) {
  for (const [number, batch] of state.batches.entries()) {
    yield phase("wait", batch.wait, "fetch", number);
    yield phase("compute", batch.compute, "fetch", number);
    yield number;
  }
}

function* receiving(state) {
  const { loader } = state;
  yield phase("wait", loader.start * loader.num_workers, "start-up");
  for (let sent = 0; sent < loader.prefetch_factor * loader.num_workers; sent += 1) {
    state.assign();
  }
  for (let number = 0; number < state.batches.length; number += 1) {
    let batch = number;
    while (!state.stash.has(number)) {
      if (!state.arrived.length) {
        yield idle(number);
      }
      batch = state.arrived.shift();
      yield phase("compute", loader.receive, "receive", batch);
      if (batch === number || !loader.in_order) {
        break;
      }
      state.stash.add(batch);
      batch = number;
    }
    state.taken(batch);
    yield batch;
  }
}

function* giving(getting, state, give) {
  for (const each of getting) {
    if (typeof each === "number") {
      give(each);
      yield phase("wait", state.loader.step, "step", each);
      yield phase("compute", state.loader.step_compute, "step", each);
    } else {
      yield each;
    }
  }
}

/**
 * When each batch is given to the caller, in the order of giving (`delivered`) and which that is (`given`); what each
 * process does until then; and the seconds until the last step is over. At 0 the first batch is asked for.
 * @param {boolean} traced whether `spans` are asked for
 * @returns {{ delivered: number[], given: number[], spans: Span[], end: number }}
 */
export function simulate(batches, loader, traced = true) {
  const state = new State(batches, loader);
  const delivered = [];
  const given = [];
  const spans = [];
  let now = 0;
  const give = (batch) => {
    delivered.push(now);
    given.push(batch);
  };
  const main = giving(loader.num_workers ? receiving(state) : alone(state), state, give);
  const threads = [making, sending].flatMap((run) => state.queues.map((_, number) => run(state, number)));
  const actors = [main, ...threads];
  const lanes = actors.map((_, actor) => (actor > loader.num_workers ? actor - loader.num_workers : actor));
  const phases = actors.map(() => idle());
  const ready = new Uint8Array(actors.length).fill(1); // whose phase is over
  let pending = actors.length; // so many of them
  const left = new Float64Array(actors.length); // seconds of each phase
  const speeds = new Float64Array(actors.length);
  const computes = new Uint8Array(actors.length);
  const last = [];
  const computing = new Int32Array(loader.num_workers + 1); // threads of each process
  let busy = 0; // processes of which a thread computes

  function keep(actor) {
    const { role, began, batch, kind } = phases[actor];
    if (!traced || now <= began || (actor && kind === "idle")) {
      return;
    }
    const before = last[actor];
    if (before?.role === role && before.batch === batch && before.end === began) {
      before.end = now;
    } else {
      const beside = actor > loader.num_workers;
      last[actor] = { lane: lanes[actor], role, start: began, end: now, batch, beside };
      spans.push(last[actor]);
    }
  }

  state.wake = (actor) => {
    if (!ready[actor] && left[actor] === Infinity) {
      ready[actor] = 1;
      pending += 1;
    }
  };

  while (delivered.length < batches.length && now < Infinity) {
    for (let actor = 0; pending; actor = (actor + 1) % actors.length) {
      if (ready[actor]) {
        const next = actors[actor].next().value ?? idle();
        const lane = lanes[actor];
        keep(actor);
        busy -= computing[lane] > 0;
        computing[lane] -= computes[actor];
        computes[actor] = next.kind === "compute";
        computing[lane] += computes[actor];
        busy += computing[lane] > 0;
        next.began = now;
        phases[actor] = next;
        left[actor] = next.seconds;
        if (next.seconds > OVER) {
          ready[actor] = 0;
          pending -= 1;
        }
      }
    }
    const share = Math.min(1, loader.cores / busy);
    let passed = Infinity;
    for (let actor = 0; actor < actors.length; actor += 1) {
      speeds[actor] = computes[actor] ? share / computing[lanes[actor]] : 1;
      passed = Math.min(passed, left[actor] / speeds[actor]);
    }
    now += passed;
    for (let actor = 0; actor < actors.length; actor += 1) {
      left[actor] -= passed * speeds[actor];
      if (left[actor] <= OVER) {
        ready[actor] = 1;
        pending += 1;
      }
    }
  }
  const step = loader.step + loader.step_compute / Math.min(1, loader.cores);
  const [start, batch] = [delivered.at(-1) ?? 0, given.at(-1)];
  const until = spans.filter((span) => span.start < start);
  if (step && batch !== undefined) {
    until.push({ lane: 0, role: "step", start, end: start + step, batch });
  }
  return { delivered, given, spans: until, end: start + step };
}

/** Batches per second that each narrow place lets through, once the workers run, where all batches cost the same. */
export function limits(batch, loader) {
  const step = loader.step + loader.step_compute;
  if (!loader.num_workers) {
    return { alone: perSecond(batch.wait + batch.compute + step) };
  }
  const computing = batch.compute + loader.send + loader.receive + loader.step_compute;
  return {
    step: perSecond(loader.receive + step),
    workers: perSecond((batch.compute + Math.max(batch.wait, loader.send)) / loader.num_workers),
    cores: perSecond(computing / loader.cores),
  };
}

export function limit(batch, loader) {
  return Math.min(...Object.values(limits(batch, loader)));
}

function perSecond(seconds) {
  return seconds ? 1 / seconds : Infinity;
}

/** The smallest number of workers, of 0 to `most`, whose limit is within `slack` of the highest one. */
export function enough(batch, loader, most, slack = 0.02) {
  const each = Array.from({ length: most + 1 }, (_, count) => limit(batch, { ...loader, num_workers: count }));
  const highest = Math.max(...each);
  return each.findIndex((one) => one >= (1 - slack) * highest);
}

// The settings: what a link holds, and what is asked of the model.

const VERSION = "1";
const MOST_WORKERS = 128;
const MOST_SECONDS = 100;

/**
 * By the key that a link has for them. `about`: what it is called; `unit`: of the field, which for `ms` and `MB` is not
 * that of the state (seconds and bytes); `slide`: the slider's end; `more`: folded away.
 */
export const SETTINGS = {
  w: { about: "Workers", begins: 4, least: 0, most: MOST_WORKERS, slide: 16, whole: true },
  b: { about: "A batch, in a worker", begins: 0.04, least: 0, most: MOST_SECONDS, unit: "ms" },
  c: { about: "of which computing", begins: 0.02, least: 0, most: MOST_SECONDS, unit: "%", of: "b" },
  s: { about: "A step", begins: 0.012, least: 0, most: MOST_SECONDS, unit: "ms" },
  n: { about: "Cores", begins: 4, least: 0.1, most: 4096, slide: 16 },
  p: { about: "prefetch_factor", begins: 2, least: 1, most: 64, slide: 16, whole: true, more: true },
  o: { about: "in_order", begins: 1, least: 0, most: 1, whole: true, flag: true, more: true },
  h: { about: "Sending a batch", begins: 0, least: 0, most: MOST_SECONDS, unit: "ms", more: true },
  r: { about: "Receiving a batch", begins: 0, least: 0, most: MOST_SECONDS, unit: "ms", more: true },
  v: { about: "Batch times vary by", begins: 0, least: 0, most: 3, unit: "%", more: true },
  k: { about: "One batch in so many is slow", begins: 8, least: 2, most: 200, slide: 32, whole: true, more: true },
  x: { about: "and takes so many times as long", begins: 1, least: 1, most: 1000, slide: 40, more: true },
  i: { about: "Starting one worker", begins: 0, least: 0, most: MOST_SECONDS, unit: "ms", more: true },
  e: { about: "A new worker computes", begins: 0, least: 0, most: MOST_SECONDS, unit: "ms", more: true },
  d: { about: "of the step, computing", begins: 0, least: 0, most: MOST_SECONDS, unit: "%", of: "s", more: true },
  m: { about: "A batch has", begins: 0, least: 0, most: 1e12, slide: 200, unit: "MB", more: true },
  l: { about: "Batches of an epoch", begins: 24, least: 1, most: 200, slide: 200, whole: true, more: true },
};
const RUN = "t";
const DEFAULTS = Object.fromEntries(Object.entries(SETTINGS).map(([key, { begins }]) => [key, begins]));

/**
 * The settings that a link's part behind # holds, and what is wrong with it, in sentences.
 * @param {string} hash with or without its #
 */
export function read(hash) {
  const [version, ...pairs] = decode(hash.replace(/^#/, "")).split(";");
  const state = { ...DEFAULTS };
  if (version !== VERSION) {
    return { state, problems: [`This page does not know links that begin with “${version.slice(0, 20)}”.`] };
  }
  const problems = [];
  for (const pair of pairs.filter(Boolean)) {
    const [key, text = ""] = pair.split("=", 2);
    const setting = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : null;
    const value = Number(text || NaN);
    if (key === RUN && /^[\w-]*$/.test(text)) {
      state[RUN] = text;
    } else if (!setting) {
      problems.push(`“${pair.slice(0, 20)}” is not a setting, and is left out.`);
    } else if (!(value >= setting.least && value <= setting.most) || (setting.whole && !Number.isInteger(value))) {
      const kind = setting.whole ? "a whole number" : "a number";
      const bounds = `${kind} from ${setting.least} to ${setting.most}`;
      problems.push(`“${setting.about}” (${key}) is ${bounds}; ${state[key]} stands in for “${text.slice(0, 20)}”.`);
    } else {
      state[key] = value;
    }
  }
  for (const [key, { of, about }] of Object.entries(SETTINGS)) {
    if (of && state[key] > state[of]) {
      problems.push(`“${about}” (${key}) is more than the whole, and is cut to it.`);
      state[key] = state[of];
    }
  }
  return { state, problems };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same as a link's part behind #. */
export function write(state) {
  const pairs = Object.keys(SETTINGS).map((key) => `${key}=${state[key]}`);
  return [VERSION, ...pairs, ...(state[RUN] ? [`${RUN}=${state[RUN]}`] : [])].join(";");
}

/** What stands behind # in a link, or in what the tuner or the doctor wrote to a file. */
export function pasted(text) {
  return /#(\d+;[^\s"]+)/.exec(text)?.[1];
}

const SEED = 20261126;

/** As batch_costs.py draws them. */
export function factors(count, spread) {
  let seed = SEED;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const normal = () => Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance());
  const ofLogarithms = Math.sqrt(Math.log1p(spread ** 2));
  const drawn = Array.from({ length: count }, () => Math.exp(ofLogarithms * normal()));
  const mean = average(drawn);
  return drawn.map((each) => each / mean);
}

function average(values) {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function asked(state) {
  const loader = {
    num_workers: state.w,
    prefetch_factor: state.p,
    in_order: Boolean(state.o),
    receive: state.r,
    step: state.s - state.d,
    cores: state.n,
    send: state.h,
    step_compute: state.d,
    start: state.i,
    begin: state.e,
  };
  const isSlow = (number) => number % state.k === state.k - 1;
  const cost = (factor) => ({ wait: factor * (state.b - state.c), compute: factor * state.c });
  const each = factors(state.l, state.v).map((factor, number) => (isSlow(number) ? state.x * factor : factor));
  return { batches: each.map(cost), loader, mean: cost(average(each)) };
}

const STARTING = 1 / 3; // of an epoch, by which the first batch is later than its own making: that is start-up
const ALIKE = 0.9; // of an epoch: where batches that are alike take less, the slow ones bind
const SMALL = 0.1; // of a step: less than that is not worth a worker
const LEAST_SECONDS = 1e-9; // of an epoch, so that a rate has a number

function rateOf(state, seconds) {
  return state.l / Math.max(seconds, LEAST_SECONDS);
}

/** What comes out of the settings: the run, and what is said of it. */
export function outcome(state) {
  const { batches, loader, mean } = asked(state);
  const run = simulate(batches, loader);
  const parts = limits(mean, loader);
  const most = Math.min(...Object.values(parts));
  const stepping = state.l * (loader.step + loader.step_compute / Math.min(1, loader.cores));
  const varied = state.v > 0 || state.x > 1;
  let binds = Object.keys(parts).find((part) => parts[part] === most) ?? "step";
  const first = batches[0].wait + batches[0].compute + loader.send + loader.receive;
  if (binds === "alone" && mean.wait + mean.compute <= SMALL * state.s) {
    binds = "small";
  } else if (loader.num_workers && run.delivered[0] - first > STARTING * run.end) {
    binds = "start";
  } else if (varied && loader.in_order && simulate(batches.map(() => mean), loader, false).end < ALIKE * run.end) {
    binds = "slow";
  } else if (binds === "step" && loader.receive > loader.step + loader.step_compute) {
    binds = "main";
  }
  return {
    ...run,
    rate: rateOf(state, run.end),
    waited: run.end ? Math.max(0, 1 - stepping / run.end) : 0,
    binds,
    varied,
    limit: most,
    enough: enough(mean, loader, MOST_WORKERS),
    ahead: state.p * state.w,
  };
}

/** Batches per second, and their limit, for 0 workers and more, up to 16 or to what is set. */
export function curve(state, found = outcome(state)) {
  const most = Math.max(SETTINGS.w.slide, state.w);
  const every = Math.ceil(most / (2 * SETTINGS.w.slide));
  const counts = Array.from({ length: Math.floor(most / every) + 1 }, (_, place) => place * every);
  const { batches, loader, mean } = asked(state);
  return [...new Set([...counts, state.w])].sort((one, other) => one - other).map((count) => {
    const own = { ...loader, num_workers: count };
    const { end } = count === state.w ? found : simulate(batches, own, false);
    return { count, rate: rateOf(state, end), limit: limit(mean, own) };
  });
}

// What it says, in words.

const BINDS = {
  alone: () => "the main process: it makes each batch itself",
  small: () => "the step: loading is a small part of it",
  step: () => "the step: the workers keep up",
  workers: ({ enough, varied }) => `the workers: ${enough} would be enough${varied ? ", if batches were alike" : ""}`,
  cores: () => "the cores: cheaper batches would help, more workers would not",
  main: () => "the main process: it receives longer than it steps",
  start: () => "start-up: longer epochs, or workers that are kept",
  slow: () => "the slow batches: the others wait behind them",
};

const NBSP = "\u00a0";
const THREE_DIGITS = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

function number(value) {
  return THREE_DIGITS.format(value).replace("-", "−");
}

function percent(share) {
  return `${Math.round(100 * share)}${NBSP}%`;
}

/** The unit in which so many seconds read best, as (units per second, name). */
function timeUnit(largest) {
  return largest >= 1 || largest === 0 ? [1, "s"] : largest >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
}

function duration(seconds) {
  const [factor, unit] = timeUnit(Math.abs(seconds));
  return number(factor * seconds) + NBSP + unit;
}

function bytes(count) {
  return count >= 1e9 ? `${number(count / 1e9)}${NBSP}GB` : `${number(count / 1e6)}${NBSP}MB`;
}

function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}

// Measured runs: what the build wrote into the page.

const ROLE_BY_LETTER = { u: "start-up", f: "fetch", r: "receive", w: "wait", p: "step" };
const TENTHS_OF_MS = 1e-4;

/** From a row of the table of runs: its name, its settings, who worked when, and when each batch was given. */
function measured(row) {
  const spans = row.dataset.spans.split("/").flatMap((text, lane) =>
    text.split(" ").map((span) => {
      const [letter, start, length, batch = ""] = span.split(",");
      const began = start * TENTHS_OF_MS;
      const end = began + length * TENTHS_OF_MS;
      return { lane, role: ROLE_BY_LETTER[letter], start: began, end, batch: batch === "" ? null : Number(batch) };
    }),
  );
  const steps = spans.filter(({ lane, role }) => lane === 0 && role === "step");
  const [title, , , , took, modelled] = [...row.cells].map(({ textContent }) => textContent);
  return {
    name: row.id.replace("run-", ""),
    title,
    took,
    modelled,
    state: read(`${row.dataset.begins};${RUN}=${row.id.replace("run-", "")}`).state,
    spans,
    delivered: steps.map(({ start }) => start),
    end: steps.at(-1).end,
  };
}

/** How far a run of the model is from a measured one, in words. `isSame`: whether it is to be the same run. */
export function compared(model, run, isSame) {
  const pairs = Math.min(model.delivered.length, run.delivered.length);
  const off = run.delivered.slice(0, pairs).map((seconds, place) => Math.abs(model.delivered[place] - seconds));
  const more = model.end / run.end - 1;
  const said = Math.abs(more) < 0.005 ? "the same" : `${percent(Math.abs(more))} ${more < 0 ? "less" : "more"}`;
  // The table's words: its numbers were rounded from more digits than the page has.
  const first = `Measured: ${run.took} for ${counted(run.delivered.length, "batch")}.`;
  return isSame
    ? `${first} The model says ${run.modelled}, ${said}; on average it is ${duration(average(off))} off with a batch.`
    : `${first} With what you changed, the model says ${duration(model.end)}, ${said}.`;
}

// Drawing, as snippets/lab/figures/draw/timeline.py draws: the same lanes, colours and hatches.

const SVG = "http://www.w3.org/2000/svg";
const TEXT = 13;
const [FIRST_LANE, OTHER_LANE, LANE_GAP, TITLE_ROW, RUN_GAP, KEY_ROW, SWATCH, SEAM] = [26, 19, 4, 26, 20, 22, 20, 0.8];
const BESIDE = 5; // of a lane's height, at its foot, for a second thread
const ROLES = ["start-up", "fetch", "receive", "wait", "step"];
const NAMES = { fetch: "fetch and collate", receive: "send, receive" };
let ruler; // made when something is drawn: a browser takes longer for it than for all else of this module

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function words(x, y, text, more = {}) {
  return svg("text", { x, y: y + 4.5, "font-size": TEXT, fill: "var(--md-default-fg-color)", ...more }, text);
}

const QUIET = { fill: "var(--nw-quiet)" };
const BOLD = { "font-weight": 700 };
const EDGE = { "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
const HALO = { stroke: "var(--md-default-bg-color)", ...EDGE };

function widthOf(text, weight = 400) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${weight} ${TEXT}px system-ui, sans-serif`;
  return ruler.measureText(text).width;
}

/** What lies below a role's hatch. */
function groundOf(role) {
  return role === "wait" ? "var(--nw-wait-ground)" : `var(--nw-${role})`;
}

function fillOf(role, hatches) {
  return hatches.has(role) ? `url(#${hatches.get(role)})` : groundOf(role);
}

function area(role, d, hatches) {
  const edge = role === "wait" ? { stroke: "var(--nw-wait)", "stroke-width": 0.8 } : {};
  return svg("path", { d, fill: fillOf(role, hatches), ...edge });
}

function box(x, y, width, height, role) {
  const inset = role === "wait" ? 0.4 : 0;
  const [w, h] = [Math.max(width - 2 * inset, 0.5), height - 2 * inset];
  return `M${(x + inset).toFixed(1)} ${(y + inset).toFixed(1)}h${w.toFixed(1)}v${h}h-${w.toFixed(1)}z`;
}

/** Even steps from 0 up to `last` that read well, at most so many. */
function ticks(last, most) {
  const power = 10 ** Math.floor(Math.log10(last / most));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => last / each <= most);
  return Array.from({ length: Math.floor(last / step + 1e-9) + 1 }, (_, place) => place * step);
}

function laneHeight(lane) {
  return lane ? OTHER_LANE : FIRST_LANE;
}

/** The hatches of the measured figure that stood here, by role: their tiles, and their names. */
function hatchesOf(place) {
  const tiles = [...(place.querySelector("figure svg")?.querySelectorAll("pattern") ?? [])];
  const byRole = tiles.map((tile) => [ROLES.find((role) => tile.id.endsWith(`-${role}`)), tile]);
  return byRole.filter(([role]) => role).map(([role, tile]) => [role, Object.assign(tile, { id: `nw-sim-${role}` })]);
}

function laneName(lane) {
  return lane ? `worker ${lane - 1}` : "main";
}

/** Who does what at a moment, in words. */
function doing(spans, at) {
  const now = spans.filter(({ start, end }) => start <= at && at < end).sort((one, other) => one.lane - other.lane);
  const says = ({ lane, role, batch, beside }) => `${laneName(lane)}: ${beside ? "send" : role}${NBSP}${batch ?? ""}`.trim();
  return [duration(at), ...now.map(says)].join("; ");
}

/** @param {{ title: string, spans: Span[], lanes: number, end: number }[]} runs */
function timeline(runs, width, tiles, label, at) {
  const hatches = new Map(tiles.map(([role, tile]) => [role, tile.id]));
  const last = Math.max(...runs.map(({ end }) => end), 1e-6);
  const [factor, unit] = timeUnit(last);
  const digit = widthOf("0");
  const unitLabel = `time, ${unit}`;
  const names = (lanes) => Array.from({ length: lanes }, (_, lane) => laneName(lane));
  const labels = [unitLabel, ...names(Math.max(...runs.map(({ lanes }) => lanes)))];
  const left = Math.max(...labels.map((each) => widthOf(each))) + 14;
  const ends = runs.map(({ end }) => number(end * factor) + NBSP + unit);
  const room = width - left - 8 - Math.max(...ends.map((text) => widthOf(text, 700)));
  const x = (seconds) => left + (room * seconds) / last;
  const parts = [];

  let [keyX, keyY] = [0, 3];
  for (const role of ROLES.filter((each) => runs.some(({ spans }) => spans.some((span) => span.role === each)))) {
    const name = NAMES[role] ?? role;
    const needed = SWATCH + 6 + widthOf(name);
    if (keyX && keyX + needed > width) {
      [keyX, keyY] = [0, keyY + KEY_ROW];
    }
    parts.push(area(role, box(keyX, keyY, SWATCH, 13, role), hatches), words(keyX + SWATCH + 6, keyY + 6.5, name));
    keyX += needed + 16;
  }

  const top = keyY + KEY_ROW + 8;
  const tops = [top];
  for (const { lanes } of runs) {
    const heights = Array.from({ length: lanes }, (_, lane) => laneHeight(lane) + LANE_GAP);
    tops.push(tops.at(-1) + TITLE_ROW + heights.reduce((sum, each) => sum + each, 0) + RUN_GAP);
  }
  const bottom = tops.pop() - RUN_GAP + 6;
  const grid = ticks(last * factor, width < 500 ? 4 : 8);
  const lines = grid.map((tick) => `M${x(tick / factor).toFixed(1)} ${top + TITLE_ROW - 2}V${bottom}`).join("");
  parts.push(svg("path", { d: lines, stroke: "var(--nw-grid)", fill: "none" }));
  parts.push(...grid.map((t) => words(x(t / factor), bottom + 11, number(t), { ...QUIET, "text-anchor": "middle" })));
  parts.push(words(left - 14, bottom + 11, unitLabel, { ...QUIET, "text-anchor": "end" }));

  for (const [place, { title, spans, lanes, end }] of runs.entries()) {
    parts.push(words(0, tops[place] + 10, title, BOLD));
    const laneTop = (lane) =>
      tops[place] + TITLE_ROW + (lane ? FIRST_LANE + LANE_GAP + (lane - 1) * (OTHER_LANE + LANE_GAP) : 0);
    for (const [lane, name] of names(lanes).entries()) {
      const ink = lane ? QUIET : {};
      parts.push(words(left - 8, laneTop(lane) + laneHeight(lane) / 2, name, { ...ink, "text-anchor": "end" }));
    }
    for (const role of ROLES) {
      const own = spans.filter((span) => span.role === role);
      // An outline thicker than what it is around would only be a blot.
      const seen = role === "wait" ? own.filter(({ start, end: until }) => x(until) - x(start) >= 1) : own;
      const d = seen.map(({ lane, start, end: until, beside }) => {
        const wide = x(until) - x(start);
        const height = beside ? BESIDE : laneHeight(lane);
        const y = laneTop(lane) + laneHeight(lane) - height;
        return box(x(start), y, wide - Math.min(SEAM, wide / 5), height, role);
      });
      if (d.length) {
        parts.push(area(role, d.join(""), hatches));
      }
      const numbered = own.filter(({ batch }) => batch !== null && role !== "receive");
      const fits = ({ start, end: until, batch }) => x(until) - x(start) >= digit * String(batch).length + 3;
      const fitting = numbered.filter(fits);
      if (fitting.length >= 0.9 * numbered.length) {
        const ink = { ...EDGE, stroke: groundOf(role), fill: `var(--nw-${role}-text)`, "text-anchor": "middle" };
        parts.push(
          ...fitting.map(({ lane, start, end: until, batch }) =>
            words((x(start) + x(until)) / 2, laneTop(lane) + laneHeight(lane) / 2, String(batch), ink),
          ),
        );
      }
    }
    const foot = laneTop(lanes - 1) + laneHeight(lanes - 1) + 3;
    const mark = `M${x(end).toFixed(1)} ${laneTop(0) - 3}V${foot}`;
    parts.push(svg("path", { d: mark, stroke: "var(--md-default-fg-color)", "stroke-width": 1.4 }));
    parts.push(words(x(end) + 6, laneTop(0) + FIRST_LANE / 2 - 2, ends[place], { ...BOLD, ...HALO }));
  }
  const foot = Math.min(bottom, tops[1] - RUN_GAP || bottom); // of the model alone
  parts.push(svg("path", { d: `M${x(at).toFixed(1)} ${top + TITLE_ROW - 2}V${foot}`, class: "nw-sim-moment" }));
  const defs = svg("defs", {}, ...tiles.map(([, tile]) => tile.cloneNode(true)));
  return chart(width, bottom + 22, label, [defs, ...parts]);
}

function chart(width, height, label, parts) {
  const attributes = { viewBox: `0 0 ${width} ${height}`, class: "nw-chart__svg", role: "img", "aria-label": label };
  return svg("svg", attributes, ...parts);
}

/** Throughput by workers, with its limit dashed and the reader's own point. */
function throughput(points, state, run, width, label) {
  const [left, top, height] = [44, 34, 170];
  const room = width - left - 14;
  const reached = Math.max(...points.map(({ rate }) => rate), run ? run.delivered.length / run.end : 0, 1e-9);
  const most = points.at(-1).limit;
  const highest = Math.max(1.25 * reached, most < 2 * reached ? 1.15 * most : 0);
  const last = points.at(-1).count;
  const x = (count) => left + (room * Math.min(count, last)) / last;
  const y = (rate) => top + height * (1 - Math.min(rate, highest) / highest);
  const line = (key) =>
    `M${points.map(({ count, [key]: rate }) => `${x(count).toFixed(1)} ${y(rate).toFixed(1)}`).join("L")}`;
  const grid = ticks(highest, 5);
  const lines = grid.map((tick) => `M${left} ${y(tick).toFixed(1)}h${room}`).join("");
  const every = Math.ceil(last / (width < 500 ? 8 : 16));
  const step = "var(--nw-step)";
  const middle = { ...QUIET, "text-anchor": "middle" };
  const own = points.find(({ count }) => count === state.w);
  const parts = [
    words(0, 8, "batches/s, of the whole epoch; higher is better", QUIET),
    svg("path", { d: lines, stroke: "var(--nw-grid)" }),
    ...grid.map((tick) => words(left - 8, y(tick), number(tick), { ...QUIET, "text-anchor": "end" })),
    ...ticks(last, last / every).map((count) => words(x(count), top + height + 16, String(count), middle)),
    words(left + room / 2, top + height + 34, "workers", middle),
    svg("path", { d: line("limit"), class: "nw-sim-limit" }),
    svg("path", { d: line("rate"), stroke: step, "stroke-width": 2, fill: "none", "stroke-linejoin": "round" }),
    ...points.map(({ count, rate }) => svg("circle", { cx: x(count), cy: y(rate), r: 2.5, fill: step })),
  ];
  const above = most < highest ? -11 : 11;
  parts.push(words(width - 14, y(most) + above, "limit", { ...QUIET, ...HALO, "text-anchor": "end" }));
  if (run) {
    const place = { cx: x(run.state.w), cy: y(run.delivered.length / run.end), r: 6 };
    parts.push(svg("circle", { ...place, fill: "none", stroke: "var(--md-default-fg-color)", "stroke-width": 1.4 }));
    if (run.state.w !== state.w) {
      parts.push(words(place.cx, place.cy + 19, "measured", { ...QUIET, ...HALO, "text-anchor": "middle" }));
    }
  }
  parts.push(
    svg("circle", { cx: x(own.count), cy: y(own.rate), r: 5, fill: step, ...HALO, "stroke-width": 1.5 }),
    words(x(own.count), y(own.rate) - 16, number(own.rate), {
      ...BOLD,
      ...HALO,
      "text-anchor": own.count < 2 ? "start" : own.count > last - 2 ? "end" : "middle",
    }),
  );
  return chart(width, top + height + 44, label, parts);
}

// The page: controls, results, history.

const SLOWLY = 300; // ms without a change, before a change is read out and the address follows
const FEW = 3; // settings that change at once, and are all read out
const LOG_LEAST = 1e-4; // s, below which a slider says 0
const LOG_STEPS = 24; // of a slider, per factor of ten
const LOG_MOST = 120;

function html(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }
  element.append(...children);
  return element;
}

function rounded(value, digits = 3) {
  return Number(value.toPrecision(digits));
}

const LINEAR = { toSlide: (value) => value, fromSlide: (slide) => slide };
const LOGARITHMIC = {
  toSlide: (seconds) =>
    seconds < LOG_LEAST ? 0 : Math.min(LOG_MOST, Math.round(1 + LOG_STEPS * Math.log10(seconds / LOG_LEAST))),
  fromSlide: (slide) => (slide ? rounded(LOG_LEAST * 10 ** ((slide - 1) / LOG_STEPS)) : 0),
};

const FIELDS = { "%": 100, MB: 1e-6 };

/** How a setting's field and slider show its value. `field`: units of the field per unit of the state. */
function scaleOf({ unit, slide = 100, least, most, whole, of }) {
  if (unit === "ms") {
    return { ...LOGARITHMIC, field: 1e3, least: 0, most: 1e3 * most, slide: LOG_MOST, step: 1 };
  }
  const field = FIELDS[unit];
  if (field) {
    const scaled = { toSlide: (value) => field * value, fromSlide: (slid) => rounded(slid / field) };
    return { ...scaled, field, least: 0, most: field * (of ? 1 : most), slide, step: 1 };
  }
  return { ...LINEAR, field: 1, least, most, slide, step: whole ? 1 : 0.5 };
}

/**
 * One setting: a slider, and a field for the exact number; or a box to tick. `show` says what it then shows.
 * @param {(value: number, done: boolean) => void} change
 */
function control(key, setting, change) {
  const id = `nw-sim-${key}`;
  const label = html("label", { id: `${id}-label`, htmlFor: id }, setting.about);
  if (setting.flag) {
    const tick = html("input", { type: "checkbox", id });
    tick.addEventListener("change", () => change(Number(tick.checked), true));
    const show = (state) => {
      tick.checked = Boolean(state[key]);
      return `${setting.about}: ${tick.checked ? "yes" : "no"}`;
    };
    return { element: html("div", { className: "nw-sim-setting nw-sim-flag" }, tick, label), show };
  }
  const scale = scaleOf(setting);
  const field = html("input", { type: "number", id, min: scale.least, max: scale.most, step: "any" });
  const said = html("output", { className: "nw-sim-unit", htmlFor: id, "aria-live": "off" });
  const labelled = { "aria-labelledby": label.id };
  const least = Math.max(scale.least, scale.least && scale.step);
  const slider = html("input", { type: "range", min: least, max: scale.slide, step: scale.step, ...labelled });
  const share = (value, state) => (setting.of ? value * state[setting.of] : value);
  let shown = {};
  for (const event of ["input", "change"]) {
    slider.addEventListener(event, () => {
      change(rounded(share(scale.fromSlide(Number(slider.value)), shown)), event === "change");
    });
    field.addEventListener(event, () => {
      if (field.value !== "" && field.checkValidity()) {
        change(rounded(share(Number(field.value) / scale.field, shown), 6), event === "change");
      } else if (event === "change") {
        show(shown);
      }
    });
  }
  function show(state) {
    shown = state;
    const value = setting.of ? (state[setting.of] ? state[key] / state[setting.of] : 0) : state[key];
    slider.value = scale.toSlide(value);
    const text = rounded(value * scale.field, 4);
    if (document.activeElement !== field || Number(field.value) !== text) {
      field.value = text;
    }
    said.value = setting.of ? `% · ${duration(state[key])}` : (setting.unit ?? "");
    const spoken = `${text} ${said.value}`.trim();
    slider.setAttribute("aria-valuetext", spoken);
    return `${setting.about}: ${spoken}`;
  }
  const row = html("div", { className: "nw-sim-field" }, slider, field, said);
  return { element: html("div", { className: "nw-sim-setting" }, label, row), show };
}

/** A change of one setting, with what has to follow it: what is a part keeps its share of the whole. */
export function changed(state, key, value) {
  const next = { ...state, [key]: value };
  for (const [part, { of }] of Object.entries(SETTINGS)) {
    if (of === key) {
      next[part] = state[of] ? rounded((state[part] / state[of]) * value, 6) : 0;
    }
    if (of && next[part] > next[of]) {
      next[part] = next[of];
    }
  }
  return next;
}

function result(name) {
  const value = html("dd", {});
  return { element: html("div", { className: `nw-sim-${name}` }, html("dt", {}, RESULTS[name]), value), value };
}

const RESULTS = { rate: "Batches a second", waited: "The step waits", binds: "What binds", ahead: "In memory" };

/** Fill in what came out, and say it. */
function tell(places, state, found) {
  const held = state.m ? `, ${bytes(found.ahead * state.m)} of shared memory` : "";
  const texts = {
    rate: number(found.rate),
    waited: percent(found.waited),
    binds: BINDS[found.binds](found),
    ahead: state.w ? `up to ${counted(found.ahead, "batch")} ahead${held}` : "one batch",
  };
  return Object.entries(texts).map(([name, text]) => {
    places[name].value.textContent = text;
    return `${RESULTS[name]}: ${text}`;
  });
}

function table(head, rows) {
  const row = ([first, ...others]) =>
    html("tr", {}, html("th", { scope: "row" }, first), ...others.map((text) => html("td", {}, text)));
  const names = head.map((text) => html("th", { scope: "col" }, text));
  return html("table", {}, html("thead", {}, html("tr", {}, ...names)), html("tbody", {}, ...rows.map(row)));
}

/** The table below a picture, which is filled while it is open. */
function numbers(label) {
  const box = html("div", { className: "nw-scroll", tabIndex: 0, role: "group", "aria-label": label });
  const details = html("details", { className: "nw-numbers" }, html("summary", {}, "The numbers"), box);
  let made = () => [];
  const fill = () => {
    if (details.open) {
      box.replaceChildren(table(...made()));
    }
  };
  details.addEventListener("toggle", fill);
  const show = (rows) => {
    made = rows;
    fill();
  };
  return { details, show };
}

/** Make a place of the page a simulator. `data-begins` holds its settings; a small one has few controls, no picture. */
export function show(place) {
  const small = place.dataset.form === "small";
  const link = place.querySelector("a");
  const runs = small ? [] : [...document.querySelectorAll("[data-spans]")].map(measured);
  const tiles = hatchesOf(place);
  const began = read(place.dataset.begins || write(DEFAULTS)).state;
  const home = location.pathname;
  const gone = new AbortController();
  const keys = Object.keys(SETTINGS).filter((key) => !(small && SETTINGS[key].more));

  let state = began;
  let before = state;
  let [lines, told] = [[], []]; // of settings and of results: as shown, and as last read out
  let timer = 0;

  const controls = keys.map((key) => {
    // From what was before the slider was taken: dragged through 0, a whole has no share of a part.
    const change = (value, done) => set(changed(before, key, value), done);
    return { key, ...control(key, SETTINGS[key], change) };
  });
  const results = Object.fromEntries(Object.keys(RESULTS).map((name) => [name, result(name)]));
  const live = html("p", { className: "nw-unseen", role: "status" });
  const notice = html("p", { className: "nw-sim-notice", role: "status" });
  const said = html("dl", { className: "nw-sim-results" }, ...Object.values(results).map(({ element }) => element));
  const elements = (more) =>
    controls.filter(({ key }) => Boolean(SETTINGS[key].more) === more).map(({ element }) => element);
  const main = html("div", { className: "nw-sim-controls" }, ...elements(false));
  const top = html("div", { className: "nw-sim-top" }, main, said);

  const buttons = runs.map((run) => {
    const button = html("button", { type: "button", className: "nw-sim-button" }, run.title);
    button.addEventListener("click", () => set(run.state, true));
    return [run, button];
  });
  const drawings = [html("div", { className: "nw-chart" }), html("div", { className: "nw-chart" })];
  const comparison = html("p", { className: "nw-see" });
  const moment = html("input", { type: "range", value: 0 });
  const done = html("p", { className: "nw-sim-done" });
  const scrub = html("label", {}, "A moment of the model’s timeline", moment);
  moment.addEventListener("input", () => draw());
  const tables = [numbers("Table: when each batch is given"), numbers("Table: throughput by workers")];
  const text = html("textarea", { id: "nw-sim-text", rows: 2, spellcheck: false });

  function full() {
    const presets = html("div", { className: "nw-sim-runs", role: "group", "aria-label": "Measured runs" });
    presets.append(...buttons.map(([, button]) => button));
    const more = html("details", { className: "nw-sim-more" }, html("summary", {}, "More settings"));
    more.append(html("div", { className: "nw-sim-controls" }, ...elements(true)));
    const copy = html("button", { type: "button", className: "nw-sim-button" }, "Copy link");
    copy.addEventListener("click", async () => {
      follow(false);
      await navigator.clipboard.writeText(location.href).then(
        () => say("The link is copied."),
        () => say("This browser does not let a page copy. The link is the address of this page."),
      );
    });
    text.addEventListener("input", () => {
      const hash = pasted(text.value);
      if (hash) {
        load(hash, true);
      } else if (text.value.trim()) {
        say("There is no link to a simulator in this.");
      }
    });
    const label = html("label", { htmlFor: text.id }, "Your own numbers: paste the tuner’s or the doctor’s JSON, or a link");
    const own = html("div", { className: "nw-sim-own" }, html("div", {}, label, text), copy);
    const [first, second] = drawings.map((drawing, place) => {
      const caption = html("figcaption", {}, ...(place ? [] : [scrub, done, comparison]), tables[place].details);
      return html("figure", { className: "nw-figure" }, drawing, caption);
    });
    return [presets, top, more, notice, live, first, second, own];
  }

  function say(sentence) {
    notice.textContent = sentence;
  }

  function draw() {
    const found = outcome(state);
    lines = [controls.map(({ show: fill }) => fill(state)), tell(results, state, found)];
    if (small) {
      link?.setAttribute("href", `${link.href.split("#")[0]}#${write(state)}`);
      return;
    }
    const run = runs.find(({ name }) => name === state[RUN]);
    const width = Math.max(280, Math.round(drawings[0].clientWidth));
    const pictured = [{ ...found, title: titleOf("the model", state), lanes: state.w + 1 }];
    if (run) {
      pictured.push({ ...run, title: titleOf(`measured: ${run.title}`, run.state), lanes: run.state.w + 1 });
    }
    const moments = Float64Array.from(new Set(found.spans.map(({ start }) => start))).sort();
    moment.max = moments.length - 1;
    const at = moments[moment.value] ?? 0;
    done.textContent = doing(found.spans, at);
    moment.setAttribute("aria-valuetext", done.textContent);
    const says = [counted(state.w, "worker"), ...lines[1]].join("; ");
    drawings[0].replaceChildren(timeline(pictured, width, tiles, says, at));
    const isMeasured = (each) => write(each.state) === write(state);
    comparison.textContent = run ? compared(found, run, isMeasured(run)) : "";
    const points = curve(state, found);
    const label = `Batches a second for 0 to ${points.at(-1).count} workers; with ${state.w}, ${number(found.rate)}.`;
    drawings[1].replaceChildren(throughput(points, state, run, width, label));
    for (const [each, button] of buttons) {
      button.setAttribute("aria-pressed", String(isMeasured(each)));
    }
    tables[0].show(() => [
      ["Batch", "Given by the model, ms", ...(run ? ["Measured, ms"] : [])],
      found.given.map((batch, place) => [
        String(batch),
        number(1000 * found.delivered[place]),
        ...(run ? [run.delivered[place] === undefined ? "–" : number(1000 * run.delivered[place])] : []),
      ]),
    ]);
    tables[1].show(() => [
      ["Workers", "Batches/s", "Limit, batches/s"],
      points.map(({ count, rate, limit: most }) => [String(count), number(rate), number(most)]),
    ]);
  }

  /** Show other settings. While a slider is dragged the address follows in place; what was before is kept at its end. */
  function set(next, done) {
    state = next;
    say("");
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => {
      readOut();
      follow(false);
    }, SLOWLY);
    if (done) {
      follow(true);
      before = state;
    }
  }

  function readOut() {
    const [settings, found] = lines.map((own, place) => own.filter((line) => !told[place].includes(line)));
    if (settings.length || found.length) {
      const changes = settings.length > FEW ? [`${settings.length} settings have changed`] : settings;
      live.textContent = [...changes, ...(found.length ? found : ["The result stays the same"])].join(". ");
    }
    told = lines;
  }

  function follow(done) {
    const address = (settings) => `#${write(settings)}`;
    if (small || location.pathname !== home) {
      return;
    }
    if (!done) {
      history.replaceState(history.state, "", address(state));
    } else if (write(state) !== write(before)) {
      history.replaceState(history.state, "", address(before));
      history.pushState(history.state, "", address(state));
    }
  }

  function load(hash, done) {
    const { state: next, problems } = read(hash);
    set(next, done);
    say(problems.join(" "));
    if (!done) {
      before = state;
    }
  }

  if (small) {
    place.prepend(top, live); // above the link, which who came by keyboard may be on
    draw();
    told = lines;
    return;
  }
  place.replaceChildren(...full());
  const isOurs = () => /^#\d*;|^#[^;]*=/.test(location.hash);
  if (isOurs()) {
    load(location.hash, false);
  } else {
    draw();
  }
  told = lines;
  let width = place.clientWidth;
  const resized = new ResizeObserver(() => {
    if (place.clientWidth !== width) {
      width = place.clientWidth;
      draw();
    }
  });
  resized.observe(place);
  addEventListener(
    "popstate",
    () => {
      if (!place.isConnected) {
        resized.disconnect();
        gone.abort();
      } else if (isOurs()) {
        load(location.hash, false);
      } else if (!location.hash) {
        state = before = began;
        draw();
      }
    },
    { signal: gone.signal },
  );
}

function titleOf(what, state) {
  return `${what}, ${counted(state.w, "worker")}`;
}
