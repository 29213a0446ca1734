import type { Family, FamilyOf, Sample } from "./family.ts";

/** How figures are written down. */
export interface Exposition {
  readonly contentType: string;
  render(families: readonly Family[]): string;
}

/** Prometheus' text format, version 0.0.4. */
export const PROMETHEUS: Exposition = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  render: (families) => families.map((family) => renderFamily(family, family.of.name, false)).join(""),
};

/** OpenMetrics 1.0: a counter's family is named without `_total`, units are said, and there is an end. */
export const OPENMETRICS: Exposition = {
  contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  render: (families) => `${families.map((family) => renderFamily(family, familyName(family.of), true)).join("")}# EOF\n`,
};

function familyName({ type, name }: FamilyOf): string {
  return type === "counter" ? name.replace(/_total$/, "") : name;
}

function renderFamily(family: Family, name: string, isOpenMetrics: boolean): string {
  const { of } = family;
  const lines = [`# HELP ${name} ${escapeHelp(of.help, isOpenMetrics)}`, `# TYPE ${name} ${of.type}`];
  if (isOpenMetrics && of.unit !== undefined && name.endsWith(`_${of.unit}`)) lines.push(`# UNIT ${name} ${of.unit}`);
  for (const sample of family.samples()) lines.push(renderSample(of, sample, isOpenMetrics));
  return `${lines.join("\n")}\n`;
}

function renderSample({ name, labels: names }: FamilyOf, { suffix, labels, le, value }: Sample, isOpenMetrics: boolean): string {
  const shown = names.flatMap((label, index) => (labels[index] ? [`${label}="${escapeValue(labels[index])}"`] : []));
  if (le !== undefined) shown.push(`le="${renderBound(le, isOpenMetrics)}"`);
  return `${name}${suffix}${shown.length === 0 ? "" : `{${shown.join(",")}}`} ${renderNumber(value)}`;
}

/** OpenMetrics has the bounds of buckets with a decimal point, so that they are the same text whoever writes them. */
function renderBound(le: number, isOpenMetrics: boolean): string {
  return isOpenMetrics && Number.isInteger(le) ? `${le}.0` : renderNumber(le);
}

function renderNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

function escapeHelp(text: string, isOpenMetrics: boolean): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return isOpenMetrics ? escaped.replaceAll('"', '\\"') : escaped;
}

function escapeValue(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
