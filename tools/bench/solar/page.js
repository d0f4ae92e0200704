// Draws the bench's page from the data in it.
const data = JSON.parse(document.getElementById("data").textContent);
const COLOURS = ["#b91c1c", "#ea580c", "#1d4ed8", "#0891b2", "#4338ca", "#7c3aed", "#15803d", "#65a30d", "#a16207",
  "#854d0e", "#be185d", "#475569", "#111827", "#6b7280"];
const names = [...new Set(data.rows.map(row => row.controller + ", " + row.mode))];
const colour = name => COLOURS[names.indexOf(name) % COLOURS.length];
const cars = [...new Set(data.rows.map(row => row.car))];
const days = Object.keys(data.days);
const picked = { car: cars[0], day: days[0], name: names[0] };
const byId = id => document.getElementById(id);
const text = (x, y, what, more = "") => `<text x="${x}" y="${y}" ${more}>${what}</text>`;

function sums(car) {
  return names.map(name => {
    const rows = data.rows.filter(row => row.car === car && row.controller + ", " + row.mode === name);
    const sum = key => rows.reduce((all, row) => all + row[key], 0);
    const remark = data.remarks[rows[0].controller];
    return { name, solar: sum("solar_kwh"), bought: sum("import_kwh"), starts: sum("starts"),
      changes: sum("offer_changes"), rms: Math.sqrt(rows.reduce((all, row) => all + row.grid_rms_w ** 2, 0) / rows.length),
      isTrue: remark === true || name.startsWith("rouse") || name.startsWith("clairvoyant"),
      remark: remark === true ? "within 3 % of the measured peer" : remark === false ? "not the measured peer"
        : name.startsWith("rouse") ? "" : name.startsWith("clairvoyant") ? "knows the future" : "not checked against a measurement" };
  });
}

function buttons(id, values, key) {
  byId(id).innerHTML = "";
  for (const value of values) {
    const button = document.createElement("button");
    button.textContent = value;
    button.className = picked[key] === value ? "on" : "";
    button.onclick = () => { picked[key] = value; draw(); };
    byId(id).append(button);
  }
}

function scatter(all) {
  const mostX = 1.08 * Math.max(...all.map(each => each.bought)), lowY = 0.97 * Math.min(...all.map(each => each.solar));
  const highY = 1.01 * Math.max(...all.map(each => each.solar));
  const x = value => 60 + 1000 * value / mostX, y = value => 390 - 370 * (value - lowY) / (highY - lowY);
  let svg = "";
  for (let step = 0; step <= 5; step++) {
    const bought = mostX * step / 5, solar = lowY + (highY - lowY) * step / 5;
    svg += `<line x1="60" x2="1060" y1="${y(solar)}" y2="${y(solar)}" stroke="#e5e7eb"/>`;
    svg += text(52, y(solar) + 4, solar.toFixed(1), 'text-anchor="end"') + text(x(bought), 408, bought.toFixed(1), 'text-anchor="middle"');
  }
  svg += text(560, 426, "import, kWh", 'text-anchor="middle"') + text(64, 14, "sun, kWh");
  for (const each of all) {
    svg += `<circle cx="${x(each.bought)}" cy="${y(each.solar)}" r="${4 + Math.sqrt(each.starts)}" stroke="${colour(each.name)}"
      stroke-width="2" fill="${each.isTrue ? colour(each.name) : "none"}" fill-opacity="0.55"/>`;
    const end = x(each.bought) > 900;
    svg += text(x(each.bought) + (end ? -1 : 1) * (8 + Math.sqrt(each.starts)), y(each.solar) + 4, each.name, end ? 'text-anchor="end"' : "");
  }
  byId("scatter").innerHTML = svg;
}

function row(cells, tag) {
  return "<tr>" + cells.map((cell, at) => `<${tag}${at && !isNaN(parseFloat(cell)) ? ' class="n"' : ""}>${cell}</${tag}>`).join("") + "</tr>";
}

function tables(all) {
  byId("sums").innerHTML = row(["controller", "sun kWh", "import kWh", "starts", "offer changes", "grid rms W", ""], "th") +
    all.map(each => row([each.name, each.solar.toFixed(2), each.bought.toFixed(2), each.starts, each.changes, each.rms.toFixed(0), each.remark], "td")).join("");
  byId("matches").innerHTML = row(["peer", "sun kWh", "import kWh", "starts", "rms W", "rouse: sun", "import", "starts", "rms W", "start_wh", "import_percent", "gain %"], "th") +
    data.matches.map(each => row([each.peer, each.solar_kwh.toFixed(2), each.import_kwh.toFixed(2), each.starts, each.grid_rms_w.toFixed(0),
      ...(each.ours_solar_kwh === null ? ["none", "", "", "", "", "", ""] : [each.ours_solar_kwh.toFixed(2), each.ours_import_kwh.toFixed(2),
        each.ours_starts, each.ours_grid_rms_w.toFixed(0), each.start_wh, each.import_percent, each.gain_percent.toFixed(1)])], "td")).join("");
}

function day() {
  const { surplus, ev } = data.days[picked.day], drawn = ev[picked.name];
  const high = Math.max(...surplus, ...drawn, 1380) * 1.05, low = -0.1 * high;
  const x = at => 60 + 1000 * at / surplus.length, y = value => 350 - 330 * (Math.max(value, low) - low) / (high - low);
  const line = (values, stroke, width) => `<polyline fill="none" stroke="${stroke}" stroke-width="${width}" points="${
    values.map((value, at) => x(at).toFixed(1) + "," + y(value).toFixed(1)).join(" ")}"/>`;
  let svg = "";
  for (const value of [0, 1380, high / 2, high / 1.05]) {
    svg += `<line x1="60" x2="1060" y1="${y(value)}" y2="${y(value)}" stroke="#e5e7eb"/>` + text(52, y(value) + 4, Math.round(value), 'text-anchor="end"');
  }
  svg += text(64, 14, "W") + line(surplus, "#f59e0b", 1.5) + line(drawn, "#1d4ed8", 1.5);
  svg += text(560, 372, `${picked.day}: surplus (orange) and ${picked.name} (blue), means of a minute, from the file's first second to its last`, 'text-anchor="middle"');
  byId("day").innerHTML = svg;
}

function draw() {
  buttons("cars", cars, "car");
  buttons("days", days, "day");
  buttons("names", names, "name");
  const all = sums(picked.car);
  scatter(all);
  tables(all);
  day();
}
draw();
