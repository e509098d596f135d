/** Dots around a code that scanners need free. */
const margin = 2;

/** A code's rows of dots (true where dark) as lines of a terminal, two rows a line, dark on white whatever its colours are. */
export function qrLines(dots: readonly (readonly boolean[])[]): string[] {
  const size = Math.max(dots.length, ...dots.map((row) => row.length));
  const dark = (x: number, y: number) => dots[y]?.[x] === true;
  const lines: string[] = [];
  for (let y = -margin; y < size + margin; y += 2) {
    let line = '';
    for (let x = -margin; x < size + margin; x += 1) {
      const [upper, lower] = [dark(x, y), dark(x, y + 1)];
      line += upper && lower ? '█' : upper ? '▀' : lower ? '▄' : ' ';
    }
    lines.push(`\u001b[30;107m${line}\u001b[0m`);
  }
  return lines;
}
