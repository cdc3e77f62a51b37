'use strict';
// All facts are in the element #data: what `mpcc inspect --json` prints of each plan, and traces.
const report = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const PARTIES = ['P0, model owner', 'P1, data owner', 'P2, assistant'];

// Texts come from files: they only ever become text.
function el(tag, attributes = {}, ...children) {
  const node = document.createElementNS(
      attributes.xmlns || 'http://www.w3.org/1999/xhtml', tag);
  for (const [name, value] of Object.entries(attributes))
    if (name !== 'xmlns' && value !== undefined && value !== false) node.setAttribute(name, value);
  node.append(...children.map(child => child instanceof Node ? child : String(child)));
  return node;
}
const fill = (id, ...children) => $(id).replaceChildren(...children);

// ---- numbers

const digits = x => String(Number(x.toPrecision(3)));
function scaled(value, units) {
  const [size, name] = units.find(([size]) => value >= size) || units[units.length - 1];
  return `${digits(value / size)} ${name}`;
}
const bytes = n => scaled(n, [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB'], [1, 'B']]);
const seconds = s => s === 0 ? '0' : scaled(s, [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs']]);
const RATES = [[1e9, 'gbit'], [1e6, 'mbit'], [1e3, 'kbit']];
const TIMES = [[1, 's'], [1e-3, 'ms'], [1e-6, 'us']];

// As --net takes it: the shortest number that means the same.
function option(value, units) {
  const [size, unit] = units.find(([size]) => value >= size) || units[units.length - 1];
  for (let precision = 1; precision < 17; ++precision) {
    const number = Number((value / size).toPrecision(precision));
    if (number * size === value) return number + unit;
  }
  return value / size + unit;
}

// ---- state

const plans = report.plans;
const online = plans.find(plan => plan.party === 1) || plans.find(plan => plan.party === 2) || plans[0];
const notes = plans.map(plan => plan.notes).find(Boolean);
const machine = report.machine;
const state = {program: 0, layer: 0, measure: 'time', inference: 0, ...report.network};

const programsOf = plan => plan.programs;
const program = () => programsOf(online)[state.program];
const layersOf = program => [...program.layers].sort((a, b) => a.last_step - b.last_step);

// The formula of `mpcc inspect --net`, runtime/plan/prediction.cc.
function predict(layer) {
  const cost = layer.cost;
  const bits = 8 * Math.max(cost.bytes_p1_to_p2, cost.bytes_p2_to_p1);
  const waiting = cost.rounds * (state.round_trip_seconds / 2);
  const sending = bits / state.online_bits_per_second;
  const exchange_seconds = Math.max(cost.rounds * machine.seconds_per_exchange, waiting + sending);
  const offline_seconds = Math.max(cost.material_bytes * machine.deal_seconds_per_byte,
                                   8 * cost.material_bytes / state.offline_bits_per_second);
  const compute_seconds = layer.predicted.compute_seconds;
  return {waiting, sending, compute_seconds, exchange_seconds, offline_seconds,
          online_seconds: compute_seconds + exchange_seconds};
}

function total(times) {
  const sum = {waiting: 0, sending: 0, compute_seconds: 0, exchange_seconds: 0, offline_seconds: 0};
  for (const time of times) for (const key of Object.keys(sum)) sum[key] += time[key];
  return {...sum, online_seconds: sum.compute_seconds + sum.exchange_seconds};
}

// ---- controls

const NICE = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
function steps(from, to, units) {
  const values = [];
  for (let power = from; power < to; ++power)
    for (const nice of NICE) {
      const about = nice * 10 ** power;
      const [size] = units.find(([size]) => about >= size * .999);
      values.push(Number((about / size).toPrecision(2)) * size);
    }
  return [...values, 10 ** to];
}
const SLIDERS = {
  rtt: {key: 'round_trip_seconds', values: steps(-5, 0, TIMES), units: TIMES},
  bw: {key: 'online_bits_per_second', values: steps(6, 11, RATES), units: RATES},
  up: {key: 'offline_bits_per_second', values: steps(6, 11, RATES), units: RATES},
};

function nearest(values, value) {
  let best = 0;
  for (let i = 0; i < values.length; ++i)
    if (Math.abs(Math.log(values[i] / value)) < Math.abs(Math.log(values[best] / value))) best = i;
  return best;
}

function showNetwork() {
  for (const [id, {key, values, units}] of Object.entries(SLIDERS)) {
    const text = option(state[key], units);
    $(id).value = nearest(values, state[key]);
    $(id).setAttribute('aria-valuetext', text);
    $(id + '-text').value = text;
  }
  const same = report.networks.findIndex(
      net => net.round_trip_seconds === state.round_trip_seconds &&
          net.online_bits_per_second === state.online_bits_per_second);
  $('preset').value = same < 0 ? 'own' : String(same);
  $('command').textContent = `--net rtt=${$('rtt-text').value},bw=${$('bw-text').value}` +
      ` --uplink bw=${$('up-text').value}`;
}

function radios(id, name, choices, chosen, choose) {
  $(id).append(...choices.map(([value, text]) => {
    const input = el('input', {type: 'radio', name, value, checked: value === chosen && ''});
    input.addEventListener('change', () => { choose(value); show(); });
    return el('label', {}, input, ' ' + text);
  }));
}

function addControls() {
  radios('programs', 'program', programsOf(online).map((program, i) =>
      [i, program.sequence_length ? `${program.sequence_length} tokens` : 'the only one']), 0,
      value => { state.program = value; state.layer = 0; });
  radios('measures', 'measure', Object.entries(MEASURES).map(([key, {title}]) => [key, title]),
      'time', value => { state.measure = value; });
  fill('preset', ...report.networks.map((net, i) => el('option', {value: i}, net.name)),
       el('option', {value: 'own'}, 'as set below'));
  $('preset').addEventListener('change', () => {
    const {round_trip_seconds, online_bits_per_second} = report.networks[$('preset').value] || state;
    Object.assign(state, {round_trip_seconds, online_bits_per_second});
    show();
  });
  for (const [id, {key, values}] of Object.entries(SLIDERS)) {
    Object.assign($(id), {min: 0, max: values.length - 1, step: 1});
    $(id).addEventListener('input', () => { state[key] = values[$(id).value]; show(); });
  }
}

// ---- tables

// A column is [title, value of a row, text of a value], a row what the columns read.
function table(id, caption, columns, rows, foot) {
  const cell = (row, [, value, text = String], i) => {
    const found = value(row);
    const tag = i === 0 ? el('th', {scope: 'row'}) : el('td', text === String ? {class: 'text'} : {});
    tag.append(found === undefined ? '' : text(found));
    if (typeof found === 'number') { tag.dataset.value = found; tag.title = found; }
    return tag;
  };
  const line = row => el('tr', {class: row.selected && 'selected'},
                         ...columns.map((column, i) => cell(row, column, i)));
  fill(id, el('caption', {}, caption),
       el('thead', {}, el('tr', {}, ...columns.map(([title, , text], i) =>
           el('th', {scope: 'col', class: i === 0 || !text ? 'text' : ''}, title)))),
       el('tbody', {}, ...rows.map(line)), ...(foot ? [el('tfoot', {}, line(foot))] : []));
}

const COSTS = [
  ['rounds', 'rounds', String], ['P1 to P2', 'bytes_p1_to_p2', bytes],
  ['P2 to P1', 'bytes_p2_to_p1', bytes], ['material', 'material_bytes', bytes],
  ['set-up, once', 'setup_bytes', bytes]];
const PREDICTED = [['exchanges', 'exchange_seconds'], ['computing', 'compute_seconds'],
                   ['online', 'online_seconds'], ['offline', 'offline_seconds']];
const numbers = n => n.toLocaleString('en');

function showLayers(rows) {
  const columns = [['layer', row => row.name],
    ...COSTS.map(([title, key, text]) => [title, row => row.cost[key], text === String ? numbers : text]),
    ...PREDICTED.map(([title, key]) => [title, row => row.time[key], seconds])];
  table('layers', 'Of one inference; times are predicted for the network above.', columns, rows,
        {name: 'all', cost: program().cost, time: total(rows.map(row => row.time))});
}

function showTotals(rows) {
  const cost = program().cost, time = total(rows.map(row => row.time));
  const tile = (title, value, text) =>
      el('div', {}, el('dt', {}, title), el('dd', {'data-value': value}, text));
  fill('totals', ...COSTS.map(([title, key, text]) =>
           tile(title, cost[key], text === String ? numbers(cost[key]) : text(cost[key]))),
       tile('online, predicted', time.online_seconds, seconds(time.online_seconds)),
       tile('offline, predicted', time.offline_seconds, seconds(time.offline_seconds)));
}

// ---- flow

const MEASURES = {
  time: {title: 'predicted time', text: seconds, parts: ({time}) => {
    const machines = Math.max(0, time.exchange_seconds - time.waiting - time.sending);
    return [['waiting', time.waiting + machines, 'round trips'], ['sending', time.sending, 'bytes'],
            ['computing', time.compute_seconds, 'computing']];
  }},
  rounds: {title: 'rounds', text: numbers, parts: ({cost}) => [['plain', cost.rounds, 'rounds']]},
  bytes: {title: 'bytes', text: bytes, parts: ({cost}) => [
    ['waiting', cost.bytes_p1_to_p2, 'P1 to P2'], ['sending', cost.bytes_p2_to_p1, 'P2 to P1']]},
  material: {title: 'material', text: bytes,
             parts: ({cost}) => [['plain', cost.material_bytes, 'P0 to P2']]},
};
const sum = parts => parts.reduce((all, [, value]) => all + value, 0);

function showFlow(rows) {
  const {text, parts} = MEASURES[state.measure];
  const most = Math.max(...rows.map(row => sum(parts(row)))) || 1;
  fill('legend', ...parts(rows[0]).flatMap(([kind, , meaning]) =>
      [el('span', {class: 'key ' + kind, 'aria-hidden': 'true'}), meaning]));
  fill('flow', ...rows.map((row, i) => {
    const bar = el('span', {class: 'bar', 'aria-hidden': 'true'}, ...parts(row).map(([kind, value]) => {
      const part = el('i', {class: kind});
      part.style.width = `${100 * value / most}%`;
      return part;
    }));
    const button = el('button', {type: 'button', 'aria-pressed': i === state.layer},
        el('span', {class: 'name', title: row.name}, row.name), bar,
        el('span', {class: 'value'}, text(sum(parts(row)))));
    button.addEventListener('click', () => {
      state.layer = i;
      show();
      $('flow').children[i].firstChild.focus();
    });
    return el('li', {}, button);
  }));
}

const sites = () => notes ? notes.sites.filter(
    site => site.sequence_length === program().sequence_length) : [];

function showDetail(row) {
  const lines = [
    ...COSTS.map(([title, key, text]) => [title, text === String ? numbers(row.cost[key]) : text(row.cost[key])]),
    ...PREDICTED.map(([title, key]) => [title, seconds(row.time[key])])];
  const made = sites().filter(site => site.layer === row.name && site.constructions);
  fill('detail', el('h3', {}, row.name),
       el('dl', {}, ...lines.flatMap(([title, text]) => [el('dt', {}, title), el('dd', {}, text)])),
       ...(made.length ? [el('h3', {}, 'Constructions'), el('ul', {}, ...made.map(site =>
           el('li', {}, `${site.node}: ${site.constructions.join('; ')}`)))] : []));
}

// ---- what does not move

function showDisclosures() {
  fill('parties', ...PARTIES.map((name, party) => {
    const learnt = new Map();
    for (const plan of plans)
      for (const one of plan.disclosures) if (one.party === party) learnt.set(one.what, one);
    return el('article', {}, el('h3', {}, name), learnt.size ? el('ul', {}, ...[...learnt.values()].map(
        one => el('li', {class: one.leak && 'leak'}, one.what))) : el('p', {}, 'nothing is listed'));
  }));
}

function showSignature() {
  const owner = plans.find(plan => plan.party === 1);
  const rows = owner ? [
    ...program().inputs.map(x => ({...x, kind: 'input', padding: x.padding === null ? 'none' : x.padding})),
    ...program().results.map(x => ({...x, kind: 'result', type: 'f32'}))] : [];
  $('signature').hidden = !owner;
  table('signature', 'What P1 gives and learns', [
    ['name', x => x.name], ['', x => x.kind], ['role', x => x.role || ''], ['type', x => x.type],
    ['shape', x => x.shape.join(' × ')], ['padding', x => x.padding ?? '']], rows);
  table('memory', 'At most, beside the plan and the weights', [
    ['party', plan => PARTIES[plan.party]], ['values', plan => plan.memory_bytes.values, bytes],
    ['material', plan => plan.memory_bytes.material, bytes],
    ['other', plan => plan.memory_bytes.other, bytes]], plans);
}

// Of P0's plan alone.
function showNotes() {
  $('choices').hidden = !notes;
  if (!notes) return;
  const index = programsOf(online).indexOf(program());
  const cost = key => one => one.programs.length ? one.programs[index][key] : undefined;
  $('alternatives').hidden = !notes.alternatives.length;
  table('alternatives', 'What plans for other networks, and without one construction, would cost', [
    ['plan', one => one.name], ['rounds', cost('rounds'), numbers],
    ['P1 to P2', cost('bytes_p1_to_p2'), bytes], ['P2 to P1', cost('bytes_p2_to_p1'), bytes],
    ['material', cost('material_bytes'), bytes], ['', one => one.problem]], notes.alternatives);
  const number = x => x === undefined ? '' : String(Number(x.toPrecision(6)));
  table('sites', 'A range bounds the values of a node, a scale is the step of its quantizer.', [
    ['node', site => site.node], ['operator', site => site.op], ['layer', site => site.layer || ''],
    ['range', site => site.range, number], ['', site => site.range_is_guessed ? 'guessed' : ''],
    ['scale', site => site.scale, number],
    ['constructions', site => (site.constructions || []).join('; ')]], sites());
  fill('warnings', ...(notes.warnings.length ? notes.warnings : ['none']).map(
      text => el('li', {}, text)));
}

// ---- timeline

// Inferences that P1 or P2 traced, each with the runs of all parties.
const inferences = new Map();
for (const run of report.runs) {
  const key = `${run.inference} of ${run.sequence_length} tokens`;
  inferences.set(key, [...(inferences.get(key) || []), run]);
}
for (const [key, runs] of inferences)
  if (!runs.some(run => run.party > 0)) inferences.delete(key);

const svg = (tag, attributes, ...children) =>
    el(tag, {xmlns: 'http://www.w3.org/2000/svg', ...attributes}, ...children);

// Parts one after another from `x` on, each with its name and seconds for a pointer.
function lane(y, text, parts, x, perSecond) {
  const cells = parts.map(({name, value}, i) => {
    const width = value * perSecond;
    const cell = svg('rect', {x, y, width, height: 18, class: i % 2 ? 'sending' : 'waiting'},
                     svg('title', {}, `${name}: ${seconds(value)}`));
    x += width;
    return cell;
  });
  return [svg('text', {x: 0, y: y + 13}, text), ...cells];
}

const measuredParts = run => layersOf({layers: run.layers.map(layer => ({
  name: layer.name, value: layer.seconds, last_step: order(layer.name)}))});
const order = name => (program().layers.find(layer => layer.name === name) || {last_step: 0}).last_step;

function showTimeline(rows) {
  $('timeline').hidden = !inferences.size;
  const chosen = inferences.get($('inference').value);
  if (!chosen || chosen[0].sequence_length !== program().sequence_length) {
    fill('lanes', 'No inference of this program is chosen.');
    fill('spans');
    return;
  }
  const begin = Math.min(...chosen.map(run => run.began));
  const online = chosen.filter(run => run.party > 0).map(run => run.began)[0];
  const time = total(rows.map(row => row.time));
  const end = Math.max(...chosen.map(run => run.ended), online + time.online_seconds,
                       begin + time.offline_seconds);
  const left = 190, width = 900, perSecond = (width - left) / (end - begin || 1);
  const lanes = PARTIES.flatMap((name, party) => {
    const run = chosen.find(run => run.party === party);
    const predicted = rows.map(row => ({
      name: row.name, value: party ? row.time.online_seconds : row.time.offline_seconds}));
    const from = party ? online : run ? run.began : begin;
    const at = left + (from - begin) * perSecond;
    return [...(run ? lane(54 * party + 4, name, measuredParts(run),
                           left + (run.began - begin) * perSecond, perSecond) : []),
            ...lane(54 * party + 26, 'predicted', predicted, at, perSecond)];
  });
  fill('lanes', svg('svg', {viewBox: `0 0 ${width} 166`, role: 'img',
                            'aria-label': 'Timeline; its numbers are in the table below'}, ...lanes,
      svg('text', {x: left, y: 164}, '0'),
      svg('text', {x: width, y: 164, 'text-anchor': 'end'}, seconds(end - begin))));
  const at = party => row => {
    const run = chosen.find(run => run.party === party);
    const layer = run && run.layers.find(layer => layer.name === row.name);
    return layer && layer.seconds;
  };
  table('spans', 'Seconds of the layers, measured at each party and predicted online', [
    ['layer', row => row.name], ['P0 deals', at(0), seconds], ['P1', at(1), seconds],
    ['P2', at(2), seconds], ['predicted', row => row.time.online_seconds, seconds]], rows);
}

function addInferences() {
  fill('inference', ...[...inferences].map(([key]) => el('option', {value: key}, key)));
  $('inference').addEventListener('change', followInference);
}

// The program of the inference is shown with it.
function followInference() {
  const chosen = inferences.get($('inference').value);
  const index = programsOf(online).findIndex(
      one => chosen && one.sequence_length === chosen[0].sequence_length);
  if (index >= 0) {
    state.program = index;
    $('programs').querySelectorAll('input')[index].checked = true;
  }
  show();
}

function showOrigin() {
  fill('origin', `Plans of ${plans.map(plan => PARTIES[plan.party]).join('; ')}. Set ${
      online.set.slice(0, 16)}, written by ${online.producer}; report by mpcc ${report.version}.`);
  $('confidential').hidden = !plans.some(plan => plan.party === 0);
  $('machine').textContent = report.machine_given ?
      'Computing is what the measured machine takes.' :
      'Times are what the links alone take: no measured machine was given (--machine).';
}

function show() {
  const rows = layersOf(program()).map((layer, i) =>
      ({...layer, time: predict(layer), selected: i === state.layer}));
  showNetwork();
  showTotals(rows);
  showFlow(rows);
  showDetail(rows[state.layer]);
  showLayers(rows);
  showSignature();
  showNotes();
  showTimeline(rows);
}

addControls();
addInferences();
showOrigin();
showDisclosures();
followInference();
