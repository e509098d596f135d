import { inflateSync } from 'node:zlib';
import { type Dictionary, isDictionary, isOperator, isReference, openPdfReader, type PdfValue } from './pdf-syntax.ts';
import { type Unlock, unlockWith } from './pdf-unlock.ts';

/** A PDF, open: its objects by the table at its end. Reads what pdfkit writes; of another's files it may throw. */
export interface PdfFile {
  readonly root: PdfNode;
  readonly info: PdfNode;
}

/** A value with its way on: references are followed. Throws `Error` where it is not what it is asked for. */
export interface PdfNode {
  readonly value: PdfValue | undefined;
  get(name: string): PdfNode;
  list(): readonly PdfNode[];
  names(): readonly string[];
  number(): number;
  /** One character a byte. */
  text(): string;
  /** What a stream holds, inflated. */
  bytes(): Uint8Array;
  /** As it stands in the file. */
  raw(): Uint8Array;
}

/** Throws `Error` where the bytes are no PDF, or not one of this kind, or where `password` does not open it. */
export function openPdfFile(bytes: Uint8Array, password?: string): PdfFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = buffer.toString('latin1');
  if (!file.startsWith('%PDF-')) throw new Error('this is no PDF');
  const table = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file.slice(-100))?.[1] ?? Number.NaN);
  if (!file.startsWith('xref', table)) throw new Error('it has no table of its objects');
  const [, first, count] = /^xref\s+(\d+) (\d+)\s+/.exec(file.slice(table, table + 40)) ?? [];
  if (first !== '0') throw new Error('the table of its objects is not in one piece');
  const rows = file.indexOf('\n', file.indexOf('\n', table) + 1) + 1;
  const offsetOf = (number: number) => Number(file.slice(rows + number * 20, rows + number * 20 + 10));
  const read = new Map<number, Read>();
  let unlock: Unlock | undefined;

  function objectOf(number: number): Read {
    const known = read.get(number);
    if (known) return known;
    if (number >= Number(count)) throw new Error(`there is no object ${number}`);
    const reader = openPdfReader(file, offsetOf(number));
    const [own, , word] = [reader.next(), reader.next(), reader.next()];
    if (own !== number || !isOperator(word) || word.operator !== 'obj')
      throw new Error(`object ${number} is not there`);
    const value = reader.next();
    const after = reader.next();
    let stream: Uint8Array | undefined;
    if (isDictionary(value) && isOperator(after) && after.operator === 'stream') {
      const from = file.indexOf('\n', reader.at()) + 1;
      stream = buffer.subarray(from, from + node(value.entries.get('Length')).number());
    }
    const found = { value, stream };
    read.set(number, found);
    return found;
  }

  function node(given: PdfValue | undefined): PdfNode {
    const { value, stream } = isReference(given) ? objectOf(given.number) : { value: given, stream: undefined };
    const wrong = (what: string) => new Error(`${what} was expected, not ${JSON.stringify(value)?.slice(0, 60)}`);
    const raw = () => {
      if (stream === undefined) throw wrong('a stream');
      return unlock?.(stream) ?? stream;
    };
    const entries = (): Dictionary['entries'] => {
      if (!isDictionary(value)) throw wrong('a dictionary');
      return value.entries;
    };
    return {
      value,
      get: (name) => node(entries().get(name)),
      names: () => (isDictionary(value) ? [...value.entries.keys()] : []),
      list() {
        if (!Array.isArray(value)) throw wrong('a list');
        return value.map(node);
      },
      number() {
        if (typeof value !== 'number' || Number.isNaN(value)) throw wrong('a number');
        return value;
      },
      text() {
        if (typeof value !== 'string') throw wrong('a text');
        return unlock ? Buffer.from(unlock(Buffer.from(value, 'latin1'))).toString('latin1') : value;
      },
      bytes: () => (entries().has('Filter') ? inflateSync(raw()) : raw()),
      raw,
    };
  }

  const trailer = openPdfReader(file, file.indexOf('trailer', table) + 'trailer'.length).next();
  const top = node(trailer);
  const locked = top.names().includes('Encrypt');
  if (locked !== (password !== undefined)) throw new Error(locked ? 'it is locked' : 'it is not locked');
  if (password !== undefined) {
    const [version, revision] = ['V', 'R'].map((name) => top.get('Encrypt').get(name).number());
    const [entry = '', key = ''] = ['U', 'UE'].map((name) => top.get('Encrypt').get(name).text());
    unlock = unlockWith({ version: version ?? 0, revision: revision ?? 0, entry, key }, password);
  }
  return { root: top.get('Root'), info: top.get('Info') };
}

interface Read {
  readonly value: PdfValue | undefined;
  readonly stream: Uint8Array | undefined;
}
