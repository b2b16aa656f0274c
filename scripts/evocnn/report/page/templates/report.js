// Puts charts, data and the panel of an individual together; what charts look like is said by their specifications.
"use strict";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("data");
const config = read("config");
const individuals = data.individuals;
const views = {};
const number = (value) => (value == null ? "–" : value.toLocaleString("en"));
const percent = (value) => (value == null ? "–" : value.toFixed(1));

async function draw(name, more = {}, datasets = {}, place = document.getElementById(`chart-${name}`)) {
  if (!place) return;
  views[place.id]?.finalize();
  const spec = { ...read(`spec-${name}`), ...more, datasets: { ...data, ...datasets } };
  const made = await vegaEmbed(place, spec, { actions: false, renderer: "svg", config, tooltip: { theme: "page" } });
  views[place.id] = made;
  const image = place.querySelector("svg");
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", place.dataset.text);
  made.view.addEventListener("click", (_, item) => item?.datum?.key !== undefined && open(item.datum.key));
}

async function set(name, signal, value) {
  const view = views[`chart-${name}`]?.view;
  if (view) await view.signal(signal, value).runAsync();
}

// What a click shows is compressed by generation, and unpacked when it is first shown.
const unpacked = new Map();
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}
const LEFT_OUT = { fitness: { training: {}, metrics: {} }, history: [], network: null, ancestors: [], changes: [] };
async function details(key) {
  const scripts = [...document.querySelectorAll("script.details")];
  const script = scripts.findLast((element) => Number(element.dataset.first) <= key);
  if (!script) return LEFT_OUT;
  if (!unpacked.has(script)) unpacked.set(script, unpack(script.textContent));
  return (await unpacked.get(script)).find((individual) => individual.key === key) ?? LEFT_OUT;
}

function properties(individual, fitness) {
  const seconds = Object.values(fitness.training.seconds ?? {}).reduce((sum, value) => sum + value, 0);
  const latency = fitness.metrics.latency_ms;
  const { epochs, peak_gpu_memory_mb: gpuMemory } = fitness.training;
  const measured = (megabytes) => (megabytes == null ? "" : `, ${number(megabytes)} MB measured`);
  return [
    ["status", individual.status.replaceAll("_", " ")],
    ["because", fitness.training.reason],
    ["score", individual.status === "ok" ? `${percent(individual.score)} ± ${percent(individual.standard_error)} %` : "none"],
    ["parameters", number(individual.params)],
    ["MACs", number(individual.macs)],
    ["training memory", `${number(individual.memory_mb)} MB predicted${measured(fitness.training.peak_memory_mb)}`],
    ["GPU memory", gpuMemory ? `${number(gpuMemory)} MB` : null],
    ["latency", latency == null ? null : `${percent(latency)} ms`],
    ["training", epochs == null ? null : `${number(epochs)} epochs, the best is ${number(fitness.training.best_epoch)}`],
    ["took", seconds ? `${number(Math.round(seconds))} s, ${number(fitness.training.samples_per_second)} samples/s` : null],
    ["attempts", individual.attempts > 1 ? individual.attempts : null],
    ["made by", individual.operator.replaceAll("_", " ")],
    ["survived", individual.survived ? "in the last population" : "no"],
  ].filter(([, value]) => value != null);
}

function link(key) {
  const button = document.createElement("button");
  button.className = "link";
  button.textContent = individuals[key].name;
  button.addEventListener("click", () => open(key));
  return button;
}

function title(key) {
  return `Individual ${individuals[key].name}, network ${individuals[key].network_id}`;
}

const parentsOf = (key) => individuals.filter((other) => individuals[key].parents.includes(other.network_id));

// Everything of an individual, in one of the panel's two sides.
async function fillSide(side, key) {
  const individual = individuals[key];
  const { fitness, history, network, ancestors, changes } = await details(key);
  side.querySelector(".properties").replaceChildren(...properties(individual, fitness).flatMap(([name, value]) => {
    const [term, said] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, said.textContent] = [name, value];
    return [term, said];
  }));
  const parents = parentsOf(key);
  const known = side.querySelector(".parents");
  known.replaceChildren(parents.length ? "Parents: " : "Drawn at random: no parents.");
  parents.forEach((parent, at) => known.append(at ? ", " : "", link(parent.key)));
  const differing = side.querySelector(".changes");
  differing.hidden = !changes.length;
  differing.querySelector("summary").textContent = `Genes that differ from the first parent's: ${changes.length}`;
  differing.querySelector("tbody").replaceChildren(...changes.map(({ gene, before, after }) => {
    const row = document.createElement("tr");
    for (const text of [gene, before, after]) row.insertCell().textContent = text;
    return row;
  }));
  side.querySelector("pre").textContent = JSON.stringify(fitness, null, 1);
  side.querySelectorAll(".known").forEach((element) => { element.hidden = !network; });
  side.querySelector(".left-out").hidden = Boolean(network);
  side.querySelector(".curves").hidden = !history.length;
  side.querySelector(".ancestry").hidden = ancestors.length < 2;
  const place = (name) => side.querySelector(`[id^="chart-${name}"]`);
  if (history.length) {
    for (const name of ["curve-score", "curve-loss"]) await draw(name, {}, { history }, place(name));
  }
  if (network) {
    const size = { width: network.width, height: network.height };
    await draw("network", size, { network: network.rows }, place("network"));
  }
  if (ancestors.length > 1) {
    await draw("ancestors", { params: [{ name: "lineage", value: ancestors }] }, {}, place("ancestors"));
  }
}

async function open(key) {
  const panel = document.getElementById("panel");
  const before = panel.dataset.shown;
  panel.querySelector("h2").textContent = title(key);
  offer(key, before);
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  await compare("");
  await fillSide(panel.querySelector(".side"), key);
  for (const name of ["fitness", "params", "macs", "memory_mb", "curves", "parallel"]) await set(name, "chosen", key);
  lift(panel);
  panel.dataset.shown = key;
}

// The individuals that another one can be compared with: the best, its parents, and the one that was open before.
function offer(key, before) {
  const best = document.querySelector("main button[data-key]");
  const offered = [
    ["the best", best && Number(best.dataset.key)],
    ...parentsOf(key).map((parent) => ["its parent", parent.key]),
    ["the one before", before === undefined ? null : Number(before)],
  ].filter(([, other], at, all) => other != null && other !== key && all.findIndex(([, same]) => same === other) === at);
  const options = offered.map(([what, other]) => new Option(`${what}, ${individuals[other].name}`, other));
  const select = document.getElementById("other");
  select.replaceChildren(new Option("nothing", ""), ...options);
  select.closest("label").hidden = !options.length;
}

async function compare(other) {
  const panel = document.getElementById("panel");
  panel.classList.toggle("two", other !== "");
  panel.querySelector(".beside")?.remove();
  if (other === "") return;
  const beside = panel.querySelector(".side").cloneNode(true);
  beside.classList.add("beside");
  for (const place of beside.querySelectorAll(".chart")) {
    place.id += "-beside";
    place.replaceChildren();
  }
  const heading = document.createElement("h3");
  heading.className = "wide";
  heading.textContent = title(other);
  beside.prepend(heading);
  panel.querySelector(".sides").append(beside);
  await fillSide(beside, Number(other));
  panel.dataset.compared = other;
}

// A modal dialog covers the whole page, the box that says what a dot is included, unless that is in the dialog.
function lift(parent) {
  const tip = document.getElementById("vg-tooltip-element");
  if (tip) parent.append(tip);
}

// The table of individuals: a click on a column sorts by it, words narrow it, and what is left can be saved.
const COLUMNS = [
  ["individual", ({ name }) => name, ({ key }) => key],
  ["network", ({ network_id }) => network_id],
  ["status", ({ status }) => status.replaceAll("_", " ")],
  ["score, %", ({ score }) => percent(score), ({ score }) => score],
  ["± s.e.", ({ standard_error }) => percent(standard_error), ({ standard_error }) => standard_error],
  ["parameters", ({ params }) => number(params), ({ params }) => params],
  ["MACs", ({ macs }) => number(macs), ({ macs }) => macs],
  ["memory, MB", ({ memory_mb }) => number(memory_mb), ({ memory_mb }) => memory_mb],
  ["made by", ({ operator }) => operator.replaceAll("_", " ")],
];
const sorted = { column: 0, direction: 1 };

function listed() {
  const shown = document.getElementById("status").value;
  const words = document.getElementById("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [, text, value = text] = COLUMNS[sorted.column];
  const has = (individual) => [0, 1, 2, 8].map((at) => COLUMNS[at][1](individual)).join(" ").toLowerCase();
  const chosen = individuals.filter((individual) => (shown === "all" || individual.status === shown)
    && words.every((word) => has(individual).includes(word)));
  const compare = (a, b) => (a == null) - (b == null) || (a < b ? -1 : a > b) * sorted.direction;
  return chosen.sort((a, b) => compare(value(a), value(b)) || a.key - b.key);
}

function fill(table) {
  const chosen = listed();
  document.getElementById("count").textContent = `${chosen.length} of ${individuals.length}`;
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    const here = column === sorted.column;
    cell.setAttribute("aria-sort", here ? (sorted.direction > 0 ? "ascending" : "descending") : "none");
  });
  table.tBodies[0].replaceChildren(...chosen.map((individual) => {
    const row = document.createElement("tr");
    row.insertCell().append(link(individual.key));
    for (const [, text] of COLUMNS.slice(1)) row.insertCell().textContent = text(individual);
    return row;
  }));
}

function heads(table) {
  table.tHead.rows[0].append(...COLUMNS.map(([title], column) => {
    const [cell, button] = [document.createElement("th"), document.createElement("button")];
    [button.className, button.textContent] = ["link", title];
    button.addEventListener("click", () => {
      sorted.direction = column === sorted.column ? -sorted.direction : 1;
      sorted.column = column;
      fill(table);
    });
    cell.append(button);
    return cell;
  }));
}

function save() {
  const quoted = (value) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  const lines = [COLUMNS.map(([title]) => title)];
  for (const individual of listed()) {
    lines.push(COLUMNS.map(([, text, value = text], at) => (at ? value(individual) : individual.name)));
  }
  const file = new Blob([lines.map((line) => line.map(quoted).join(",")).join("\n")], { type: "text/csv" });
  const anchor = document.createElement("a");
  [anchor.href, anchor.download] = [URL.createObjectURL(file), "individuals.csv"];
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

async function start() {
  const filter = document.getElementById("status");
  const list = document.getElementById("individuals");
  for (const place of document.querySelectorAll("main .chart")) await draw(place.id.replace("chart-", ""));
  views["chart-fitness"]?.view.addSignalListener("brush", (_, { x, score }) => {
    const within = (value, [a, b]) => value >= Math.min(a, b) && value <= Math.max(a, b);
    const inside = x && score ? individuals.filter((one) => within(one.x, x) && within(one.score, score)) : [];
    set("curves", "brushed", inside.map(({ key }) => key));
  });
  const table = list.querySelector("table");
  heads(table);
  list.addEventListener("toggle", () => list.open && fill(table));
  document.getElementById("words").addEventListener("input", () => fill(table));
  document.getElementById("save").addEventListener("click", save);
  filter.addEventListener("change", async () => {
    for (const name of ["fitness", "params", "macs", "memory_mb"]) await set(name, "shown", filter.value);
    if (list.open) fill(table);
  });
  for (const button of document.querySelectorAll("button[data-key]")) {
    button.addEventListener("click", () => open(Number(button.dataset.key)));
  }
  const panel = document.getElementById("panel");
  document.getElementById("other").addEventListener("change", ({ target }) => compare(target.value));
  document.getElementById("close").addEventListener("click", () => panel.close());
  panel.addEventListener("close", () => lift(document.body));
  document.documentElement.dataset.ready = "true";
}

start();
