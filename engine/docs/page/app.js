// The site's own script, as it is: no library and no build. `site` is data.js; see engine/docs/site.ts.
const { site } = window;
const main = document.querySelector('#main');
const tip = document.querySelector('#tip');
const keyOf = ({ kind, name }) => (kind === 'report' ? `report:${name}` : name);
const nodes = new Map(site.nodes.map((node) => [keyOf(node), node]));
const readers = new Map(site.nodes.map((node) => [keyOf(node), []]));
for (const node of site.nodes) for (const input of node.reads) readers.get(input)?.push(keyOf(node));
const linkTo = (key) => `#/table/${encodeURIComponent(key)}`;
const signs = { c: 'current', s: 'stale', m: 'missing', '.': 'not asked for' };

/** An element of HTML; texts are only ever texts. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  return filled(made, attributes, children);
}
function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}
function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}
const link = (key) => el('a', { href: linkTo(key) }, nodes.get(key)?.name ?? key);
const badge = (kind) => el('span', { class: `kind ${kind}` }, kind);
const counted = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

// --- The list of tables ---------------------------------------------------------------------------------------------

function showTables() {
  const groups = Map.groupBy(site.nodes, (node) => (node.kind === 'report' ? 'reports' : node.name.split('.')[0]));
  const made = new Date(site.made).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' });
  return [
    el('h1', {}, site.project),
    el('p', { class: 'soft' }, `Target ${site.target}, business days of ${site.timezone}. Made ${made}.`),
    ...[...groups].map(([schema, members]) => [
      el('h2', {}, schema),
      el('table', {}, members.map((node) =>
        el('tr', {},
          el('td', { style: 'width: 30%' }, el('a', { href: linkTo(keyOf(node)) }, node.kind === 'report' ? node.name : node.name.split('.')[1])),
          el('td', { style: 'width: 6rem' }, badge(node.kind)),
          el('td', {}, node.description),
          el('td', { class: 'n soft wide-only' }, node.columns.length > 0 ? counted(node.columns.length, 'column') : ''),
        ))),
    ]).flat(),
  ];
}

// --- A table's page -------------------------------------------------------------------------------------------------

function showTable(key, column) {
  const node = nodes.get(key);
  if (!node) return [el('h1', {}, 'Nothing of this name'), el('p', {}, key)];
  const list = (keys, none) =>
    keys.length === 0 ? el('p', { class: 'soft' }, none) : el('ul', {}, keys.map((one) => el('li', {}, nodes.has(one) ? link(one) : one, ' ', nodes.has(one) ? el('span', { class: 'soft' }, nodes.get(one).kind) : '')));
  const made = node.columns.some(({ from }) => from);
  return [
    el('h1', {}, node.name),
    el('p', {}, badge(node.kind), ' ', el('span', { class: 'soft' }, node.path), ' ', ...node.tags.map((tag) => [el('span', { class: 'tag' }, tag), ' ']).flat()),
    node.description ? el('p', { class: 'lead' }, node.description) : undefined,
    node.facts.length > 0 ? el('dl', { class: 'facts' }, node.facts.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]).flat()) : undefined,
    node.days ? [el('h2', {}, 'Days'), heatKey(), heat([node])] : undefined,
    el('h2', {}, 'Reads and is read by'),
    el('div', { class: 'way' }, list(node.reads, 'It reads nothing.'), list(readers.get(key), 'Nothing reads it.')),
    el('p', {}, el('a', { href: `#/graph/${encodeURIComponent(key)}` }, 'In the graph')),
    node.columns.length > 0 ? [
      el('h2', {}, 'Columns'),
      el('table', {},
        el('tr', {}, el('th', {}, 'name'), el('th', {}, 'type'), el('th', {}, 'means'), made ? el('th', {}, 'from') : undefined),
        node.columns.map((one) => el('tr', { class: one.name === column ? 'at' : '' },
          el('td', {}, el('a', { href: one.name === column ? linkTo(key) : linkToColumn(`${key}.${one.name}`) }, el('code', {}, one.name))),
          el('td', {}, el('code', { class: 'soft' }, one.type ?? '')),
          el('td', {}, [one.description, one.unit && `(${one.unit})`].filter(Boolean).join(' ')),
          made ? el('td', {}, (one.from ?? []).map((from) => [el('a', { href: linkToColumn(from) }, el('code', {}, from)), ' ']).flat(), one.partial ? el('span', { class: 'soft' }, 'perhaps more') : undefined) : undefined,
        ))),
      lineageOf(`${key}.${column}`),
    ] : undefined,
    node.audits.length > 0 ? [el('h2', {}, 'Audits, before rows are published'), el('ul', { class: 'plain' }, node.audits.map((audit) => el('li', {}, audit)))] : undefined,
    node.tests.length > 0 ? [el('h2', {}, 'Unit tests'), el('ul', { class: 'plain' }, node.tests.map((test) => el('li', {}, test.replaceAll('_', ' '))))] : undefined,
    node.sql ? [el('h2', {}, 'SQL'), el('pre', {}, copyButton(node.sql), ...highlighted(node.sql))] : undefined,
  ].flat();
}

const origins = new Map(site.nodes.flatMap((node) => node.columns.map(({ name, from }) => [`${keyOf(node)}.${name}`, from ?? []])));

/** A column's table and its own name; a report's columns have their query's name before them. */
function ownerOf(name) {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    if (nodes.has(name.slice(0, dot))) return { key: name.slice(0, dot), column: name.slice(dot + 1) };
  }
  const dot = name.lastIndexOf('.');
  return { key: name.slice(0, dot), column: name.slice(dot + 1) };
}

function linkToColumn(name) {
  const { key, column } = ownerOf(name);
  return `${linkTo(key)}/${encodeURIComponent(column)}`;
}

/** The drawing of what a column is made from, where that is known. */
function lineageOf(name) {
  const rankOf = (key) => nodes.get(key)?.at.rank ?? 0;
  const map = origins.has(name) ? window.columnMap(name, { origins, ownerOf, rankOf, linkTo: linkToColumn, svg }) : undefined;
  return map && el('div', { class: 'lineage' }, el('h2', {}, 'Made from, and goes into'), map);
}

function copyButton(text) {
  const button = el('button', { class: 'copy', onclick: async () => {
    await navigator.clipboard?.writeText(text);
    button.textContent = 'copied';
    setTimeout(() => { button.textContent = 'copy'; }, 1200);
  } }, 'copy');
  return button;
}

const tokens = /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*')|(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})|([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*)|\b(select|from|where|and|or|not|in|is|null|as|on|join|left|right|full|inner|outer|cross|lateral|using|with|union|all|distinct|group|order|by|having|limit|case|when|then|else|end|over|partition|rows|range|between|preceding|following|current|row|values|exists|cast|interval|date|timestamp|filter|qualify|coalesce|sum|count|min|max|avg)\b/gi;

function* highlighted(text) {
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    yield text.slice(at, match.index);
    const [whole, comment, string, liquid, name] = match;
    if (name !== undefined && !nodes.has(name)) yield whole;
    else if (name !== undefined) yield el('a', { href: linkTo(name) }, whole);
    else yield el('span', { class: comment ? 'c' : string ? 's' : liquid ? 'l' : 'k' }, whole);
    at = match.index + whole.length;
  }
  yield text.slice(at);
}

// --- Coverage -------------------------------------------------------------------------------------------------------

const dayLength = 86_400_000;
const dayAt = (first, index) => new Date(Date.parse(`${first}T00:00:00Z`) + index * dayLength).toISOString().slice(0, 10);

function heatKey() {
  const of = (style, text) => el('span', {}, el('i', { style: `background: ${style}` }), text);
  return el('div', { class: 'key' }, of('var(--built)', 'current'), of('color-mix(in srgb, var(--built) 45%, var(--page))', 'partly (hours)'), of('var(--stale)', 'stale'), of('var(--missing)', 'missing'));
}

/** Rows of days, the newest at the right; all rows on one scale. */
function heat(members) {
  const last = members.map(({ days }) => dayAt(days.first, days.marks.length)).sort().at(-1);
  const first = members.map(({ days }) => days.first).sort()[0];
  const length = Math.round((Date.parse(last) - Date.parse(first)) / dayLength);
  const grid = el('div', { class: 'heat' });
  for (const node of members) {
    const track = el('div', { class: 'track' });
    const current = [...node.days.marks].filter((mark) => mark === 'c').length;
    const asked = [...node.days.marks].filter((mark) => mark !== '.').length;
    grid.append(
      members.length > 1 ? link(keyOf(node)) : el('span', { class: 'soft' }, first),
      track,
      el('span', { class: 'soft' }, current === asked ? counted(asked, 'day') : `${current.toLocaleString('en')} of ${counted(asked, 'day')}`),
    );
    const canvas = el('canvas', { role: 'img', 'aria-label': `${node.name}: ${current} of ${asked} days are current` });
    track.append(canvas);
    requestAnimationFrame(() => drawDays(canvas, track.clientWidth, node, first, length));
  }
  if (members.length > 1) grid.append(el('span'), el('span', { class: 'soft ends' }, el('span', {}, first), el('span', {}, dayAt(first, length - 1))), el('span'));
  return grid;
}

function drawDays(canvas, room, { name, days }, first, length) {
  // Of more days than the row has room for, those of one cell are shown by the worst of them.
  const perCell = Math.max(1, Math.ceil((length * 4) / room));
  const cells = Math.ceil(length / perCell);
  const wide = room / cells;
  const tall = 18;
  const offset = Math.round((Date.parse(days.first) - Date.parse(first)) / dayLength);
  canvas.width = room * devicePixelRatio;
  canvas.height = tall * devicePixelRatio;
  canvas.style.width = `${room}px`;
  canvas.style.height = `${tall}px`;
  const pen = canvas.getContext('2d');
  pen.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(document.documentElement);
  const colour = (word) => style.getPropertyValue(`--${word}`).trim();
  const marks = (cell) => days.marks.slice(Math.max(0, cell * perCell - offset), Math.max(0, (cell + 1) * perCell - offset));
  for (let cell = 0; cell < cells; cell += 1) {
    const sign = worst(marks(cell));
    if (sign === '.') continue;
    pen.globalAlpha = /\d/.test(sign) ? 0.25 + Number(sign) / 14 : 1;
    pen.fillStyle = colour(sign === 'm' ? 'missing' : sign === 's' ? 'stale' : 'built');
    pen.fillRect(cell * wide, 0, Math.max(1, wide - (wide > 3 ? 1 : 0)), tall);
  }
  canvas.addEventListener('pointermove', (event) => {
    const cell = Math.floor(event.offsetX / wide);
    const day = dayAt(first, cell * perCell);
    const sign = worst(marks(cell));
    const until = perCell > 1 ? ` and ${counted(perCell - 1, 'day')} more` : '';
    showTip(event, cell < cells ? `${name}, ${day}${until}: ${signs[sign] ?? `${sign}0 % built`}` : '');
  });
  canvas.addEventListener('pointerleave', () => showTip());
}

const worst = (marks) => ['m', 's', ...'123456789', 'c'].find((sign) => marks.includes(sign)) ?? '.';

function showTip(event, text) {
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  tip.style.left = `${Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${event.clientY + 16}px`;
}

function showCoverage() {
  const timed = site.nodes.filter(({ days }) => days);
  return [
    el('h1', {}, 'Coverage'),
    el('p', { class: 'soft' }, 'Which days each table has: built and current, built from what has changed since, or never built.'),
    ...(timed.length > 0 ? [heatKey(), heat(timed)] : [el('p', {}, site.live ? 'Nothing is built yet.' : 'Made without the warehouse (--offline).')]),
  ];
}

// --- Runs -----------------------------------------------------------------------------------------------------------

function showRuns() {
  const took = ({ started_at: from, ended_at: until }) => (until ? `${((Date.parse(until) - Date.parse(from)) / 1000).toFixed(1)} s` : '');
  return [
    el('h1', {}, 'Last runs'),
    site.runs.length === 0 ? el('p', { class: 'soft' }, 'None yet.') : el('table', {},
      el('tr', {}, ...['started', 'run', 'command', 'state'].map((name) => el('th', {}, name)), ...['steps', 'failed', 'took'].map((name) => el('th', { class: 'n' }, name))),
      site.runs.map((run) => el('tr', {},
        el('td', {}, new Date(run.started_at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })),
        el('td', {}, el('code', {}, run.id)), el('td', {}, el('code', {}, run.command)),
        el('td', { class: `state-${run.state}` }, run.state),
        el('td', { class: 'n' }, String(run.steps)), el('td', { class: 'n' }, run.failed > 0 ? String(run.failed) : ''), el('td', { class: 'n' }, took(run)),
      ))),
  ];
}

// --- The graph ------------------------------------------------------------------------------------------------------

const box = { width: 190, height: 44, across: 270, down: 60 };

function showGraph(focus) {
  const at = (node) => ({ x: node.at.rank * box.across, y: node.at.row * box.down });
  const reach = (start, next) => {
    const seen = new Set([start]);
    for (const key of seen) for (const one of next(key)) seen.add(one);
    return seen;
  };
  const edges = site.nodes.flatMap((node) => node.reads.filter((input) => nodes.has(input)).map((input) => {
    const [from, to] = [at(nodes.get(input)), at(node)];
    const [x1, y1, x2, y2] = [from.x + box.width, from.y + box.height / 2, to.x, to.y + box.height / 2];
    const bend = Math.max(40, (x2 - x1) / 2);
    return { input, reader: keyOf(node), path: svg('path', { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` }) };
  }));
  const light = (key) => {
    const lit = key && new Set([...reach(key, (one) => nodes.get(one)?.reads.filter((input) => nodes.has(input)) ?? []), ...reach(key, (one) => readers.get(one) ?? [])]);
    drawing.classList.toggle('some', Boolean(lit));
    for (const { input, reader, path } of edges) path.classList.toggle('lit', Boolean(lit?.has(input) && lit.has(reader)));
    for (const [name, group] of groups) {
      group.classList.toggle('lit', Boolean(lit?.has(name)));
      group.classList.toggle('focus', name === key);
    }
  };
  const groups = new Map(site.nodes.map((node) => {
    const key = keyOf(node);
    const { x, y } = at(node);
    const [schema, name] = node.kind === 'report' ? ['report', node.name] : node.name.split('.');
    const short = name.length > 24 ? `${name.slice(0, 23)}…` : name;
    return [key, svg('g', { class: 'node', transform: `translate(${x} ${y})`, tabindex: '0', role: 'link', 'aria-label': node.name,
      onpointerenter: () => light(key), onpointerleave: () => light(focus),
      onclick: () => { if (!moved) location.hash = linkTo(key); },
      onkeydown: (event) => { if (event.key === 'Enter') location.hash = linkTo(key); } },
      svg('rect', { class: 'box', width: box.width, height: box.height, rx: 7 }),
      svg('rect', { class: `bar ${node.kind}`, width: 5, height: box.height, rx: 2.5 }),
      svg('text', { class: 'schema', x: 16, y: 17 }, schema), svg('text', { x: 16, y: 34 }, short))];
  }));
  const drawing = svg('svg', { id: 'graph' }, svg('g', {}, edges.map(({ path }) => path), [...groups.values()]));
  const canvas = drawing.firstChild;
  let view = { x: 0, y: 0, scale: 1 };
  let moved = false;
  const set = (next) => {
    view = { ...next, scale: Math.min(3, Math.max(0.08, next.scale)) };
    canvas.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.scale})`);
  };
  const zoom = (factor, x = drawing.clientWidth / 2, y = drawing.clientHeight / 2) => {
    const scale = Math.min(3, Math.max(0.08, view.scale * factor));
    set({ x: x - ((x - view.x) * scale) / view.scale, y: y - ((y - view.y) * scale) / view.scale, scale });
  };
  const fit = () => {
    const right = Math.max(...site.nodes.map((node) => at(node).x)) + box.width;
    const bottom = Math.max(...site.nodes.map((node) => at(node).y)) + box.height;
    const scale = Math.min(1.2, (drawing.clientWidth - 80) / right, (drawing.clientHeight - 60) / bottom);
    set({ x: (drawing.clientWidth - right * scale) / 2, y: (drawing.clientHeight - bottom * scale) / 2, scale });
  };
  drawing.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }, { passive: false });
  drawing.addEventListener('pointerdown', (down) => {
    const from = { ...view };
    moved = false;
    const move = (event) => {
      const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (Math.hypot(x, y) > 4) moved = true;
      drawing.classList.toggle('drag', moved);
      if (moved) set({ ...from, x: from.x + x, y: from.y + y });
    };
    const up = () => {
      drawing.classList.remove('drag');
      removeEventListener('pointermove', move);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', up, { once: true });
    addEventListener('pointercancel', up, { once: true });
  });
  requestAnimationFrame(() => {
    fit();
    if (nodes.has(focus)) light(focus);
  });
  main.classList.add('wide');
  return [drawing, el('div', { class: 'tools' }, el('button', { onclick: () => zoom(1.3), 'aria-label': 'closer' }, '+'), el('button', { onclick: () => zoom(1 / 1.3), 'aria-label': 'farther' }, '−'), el('button', { onclick: fit }, 'all'))];
}

// --- Search ---------------------------------------------------------------------------------------------------------

const input = document.querySelector('#search');
const found = document.querySelector('#found');

/** What holds every word: names before columns, columns before texts. */
function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const holds = (where) => words.every((word) => where.toLowerCase().includes(word));
  return site.nodes.flatMap((node) => {
    const key = keyOf(node);
    const hits = [];
    if (holds(node.name)) hits.push({ key, rank: node.name.toLowerCase().endsWith(text.trim().toLowerCase()) ? 0 : 1, label: node.name, note: node.description });
    else if (holds(`${node.name} ${node.description} ${node.tags.join(' ')}`)) hits.push({ key, rank: 3, label: node.name, note: node.description });
    else if (node.sql && holds(node.sql)) hits.push({ key, rank: 4, label: node.name, note: 'in its SQL' });
    for (const column of node.columns) {
      if (words.some((word) => column.name.includes(word)) && holds(`${node.name}.${column.name} ${column.description ?? ''}`))
        hits.push({ key, column: column.name, rank: 2, label: `${node.name}.${column.name}`, note: column.description ?? column.type ?? '' });
    }
    return hits;
  }).sort((a, b) => a.rank - b.rank || a.label.localeCompare(b.label)).slice(0, 40);
}

function marked(text, words) {
  const low = text.toLowerCase();
  const word = words.find((one) => low.includes(one));
  if (!word) return [text];
  const at = low.indexOf(word);
  return [text.slice(0, at), el('mark', {}, text.slice(at, at + word.length)), text.slice(at + word.length)];
}

function showFound() {
  const hits = search(input.value);
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren(...hits.map(({ key, column, label, note }, index) =>
    el('li', { class: index === 0 ? 'here' : '' }, el('a', { href: linkTo(key) + (column ? `/${encodeURIComponent(column)}` : '') }, badge(nodes.get(key).kind), el('span', {}, ...marked(label, words)), el('small', {}, note)))));
  if (hits.length === 0 && words.length > 0) found.replaceChildren(el('li', { class: 'soft', style: 'padding: 6px 10px' }, 'Nothing found.'));
  found.hidden = words.length === 0;
}

input.addEventListener('input', showFound);
input.addEventListener('keydown', (event) => {
  const items = [...found.children];
  const at = items.findIndex((item) => item.classList.contains('here'));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && items.length > 0) {
    event.preventDefault();
    items[at]?.classList.remove('here');
    const next = items[(at + step + items.length) % items.length];
    next.classList.add('here');
    next.scrollIntoView({ block: 'nearest' });
  }
  if (event.key === 'Enter') items[at]?.querySelector('a')?.click();
  if (event.key === 'Escape') input.blur();
});
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target === input) return;
  event.preventDefault();
  input.select();
});
addEventListener('click', (event) => {
  if (!event.target.closest('header')) found.hidden = true;
});

// --- Where we are ---------------------------------------------------------------------------------------------------

function show() {
  const [, place = '', ...rest] = location.hash.split('/').map(decodeURIComponent);
  main.classList.remove('wide');
  showTip();
  found.hidden = true;
  input.value = '';
  const views = { '': showTables, table: showTable, graph: showGraph, coverage: showCoverage, runs: showRuns };
  main.replaceChildren(...(views[place] ?? showTables)(...rest).flat().filter((child) => child !== undefined));
  for (const one of document.querySelectorAll('header nav a')) one.classList.toggle('here', one.getAttribute('href') === `#/${place}`);
  document.title = rest[0] ? `${rest[0]} · ${site.project}` : site.project;
  scrollTo(0, 0);
  document.querySelector('tr.at')?.scrollIntoView({ block: 'center' });
}

document.querySelector('header .name').textContent = site.project;
addEventListener('hashchange', show);
show();
