import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encode } from 'uqr';
import { writePng } from '../../../render/png-bytes.ts';

/** White around a picture of a code, in its dots, that readers need; and pixels a dot. */
const margin = 4;
const scale = 6;

/**
 * Writes a QR code as a picture that only its owner may read: whoever scans it is linked. Returns its rows of dots, true
 * where dark.
 */
export async function writeQr(text: string, file: string): Promise<boolean[][]> {
  const { size, data } = encode(text, { ecc: 'L', border: 0 });
  const side = (size + 2 * margin) * scale;
  const rgb = new Uint8Array(side * side * 3).fill(255);
  for (let y = 0; y < size * scale; y += 1) {
    for (let x = 0; x < size * scale; x += 1) {
      if (data[Math.floor(y / scale)]?.[Math.floor(x / scale)] !== true) continue;
      const at = ((y + margin * scale) * side + x + margin * scale) * 3;
      rgb.fill(0, at, at + 3);
    }
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, writePng({ width: side, height: side, rgb }), { mode: 0o600 });
  await chmod(file, 0o600);
  return data;
}
