// <div class="chart"><canvas data-chart="d-x" role="img" aria-label="…"></canvas></div> and {{ data|json_script:"d-x" }}:
// {"type": "bar" or "line", "x": [labels], "unit": "", "min": null, "series": [{"name", "data", "hue", "type", "stack", "area", "dash"}]}.
// Needs vendor/chart.umd.min.js. Colours come from the tokens, so charts follow the theme; the same figures stand in a table.
import { all } from "./dom.js";

const probe = Object.assign(document.createElement("i"), { className: "vh" });
document.body.append(probe);
const token = (name) => {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
};
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const write = (value, unit) => (value == null ? "–" : value.toLocaleString(document.documentElement.lang) + unit);

const dataset = (kind) => (series) => {
  const bar = (series.type ?? kind) === "bar";
  return {
    label: series.name,
    data: series.data,
    type: series.type ?? kind,
    stack: series.stack ?? series.name,
    borderColor: token(series.hue),
    backgroundColor: bar ? token(series.hue) : token(`${series.hue}-soft`),
    fill: Boolean(series.area),
    borderDash: series.dash ? [5, 4] : [],
    borderWidth: bar ? 0 : 2,
    borderRadius: 2,
    maxBarThickness: 26,
    pointRadius: 0,
    pointHoverRadius: 4,
    tension: 0.25,
    order: series.type === "line" ? 0 : 1,
  };
};

const axis = () => ({
  border: { display: false },
  ticks: { color: token("ink-3"), font: { size: 11 }, maxTicksLimit: 12, maxRotation: 0 },
});

const tooltip = (unit) => ({
  backgroundColor: token("raised"),
  borderColor: token("line-2"),
  borderWidth: 1,
  titleColor: token("ink"),
  bodyColor: token("ink-2"),
  padding: 10,
  boxPadding: 4,
  usePointStyle: true,
  callbacks: { label: (point) => ` ${point.dataset.label}: ${write(point.raw, unit)}` },
});

function draw(canvas) {
  const { Chart } = window;
  const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  const unit = data.unit ?? "";
  const y = axis();
  Chart.getChart(canvas)?.destroy();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  new Chart(canvas, {
    type: data.type,
    data: { labels: data.x, datasets: data.series.map(dataset(data.type)) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: still ? false : { duration: 300 },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ...axis(), stacked: data.type === "bar", grid: { display: false } },
        y: {
          ...y,
          stacked: data.type === "bar",
          min: data.min ?? undefined,
          grid: { color: token("line") },
          ticks: { ...y.ticks, maxTicksLimit: 6, callback: (value) => write(value, unit) },
        },
      },
      plugins: { legend: { display: false }, tooltip: tooltip(unit) },
    },
  });
}

const drawAll = () => window.Chart && all("[data-chart]").forEach(draw);
drawAll();
document.addEventListener("themechange", drawAll);
document.addEventListener("htmx:load", (e) => window.Chart && all("[data-chart]", e.detail.elt).forEach(draw));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
