/** Writing CSV (RFC 4180). */

function field(value) {
  const text = value === undefined || value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Rows as CSV text with a header.
 *
 * @param {readonly string[]} columns names, in order
 * @param {Iterable<Record<string, unknown>>} rows absent values become empty fields
 */
export function toCsv(columns, rows) {
  const lines = [columns.map(field).join(",")];
  for (const row of rows) lines.push(columns.map((name) => field(row[name])).join(","));
  return `${lines.join("\n")}\n`;
}
