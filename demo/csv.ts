/** One record as RFC 4180 writes it, with a line feed: fields are quoted only where they must be. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
}

/** The records of a CSV text, header included. Quoted fields may hold commas, quotes and line breaks. */
export function* csvRecords(text: string): Generator<readonly string[]> {
  for (let start = 0; start < text.length; ) {
    let end = endOfLine(text, start);
    if (text.slice(start, end).includes('"')) {
      while (end < text.length && isOpen(text.slice(start, end))) end = endOfLine(text, end + 1);
      yield quotedFields(withoutReturn(text.slice(start, end)));
    } else {
      yield withoutReturn(text.slice(start, end)).split(',');
    }
    start = end + 1;
  }
}

/** The records after the header, each with the named columns only, in the order asked for. Throws on a missing column. */
export function* csvColumns<const Names extends readonly string[]>(
  text: string,
  names: Names,
): Generator<{ readonly [Index in keyof Names]: string }> {
  let places: number[] | undefined;
  for (const record of csvRecords(text)) {
    if (places === undefined) {
      places = names.map((name) => record.indexOf(name));
      const missing = names.filter((_, index) => places?.[index] === -1);
      if (missing.length > 0) throw new RangeError(`no column ${missing.join(', ')} among ${record.join(', ')}`);
    } else {
      yield places.map((place) => record[place] ?? '') as { [Index in keyof Names]: string };
    }
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function isOpen(text: string): boolean {
  return text.split('"').length % 2 === 0;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function quotedFields(record: string): string[] {
  const fields = `,${record}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
