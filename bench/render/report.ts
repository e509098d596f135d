// The daily report: as PDF, workbook and picture, drawn and read back, beside Chromium's print of its HTML.
import { chromium } from 'playwright';
import { madeUpDocument } from '../../delivery/compose/made-up.ts';
import { openRenderers } from '../../delivery/render/renderers.ts';

/** Milliseconds of the clock, the one in the middle of so many; undefined where there is no browser. */
export interface ReportTimes {
  readonly pdf: number;
  readonly xlsx: number;
  readonly png: number | undefined;
  readonly chromium: number | undefined;
}

export async function timeReport(rounds: number): Promise<ReportTimes> {
  await using room = openRenderers();
  const { signal } = new AbortController();
  const document = await madeUpDocument();
  const time = async (work: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const began = performance.now();
      await work();
      if (round > 0) times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  };
  const make = (format: 'pdf' | 'xlsx' | 'png' | 'html') => async () => {
    const making = await room.make(format, document, signal);
    if (making.kind === 'wrong') throw new Error(JSON.stringify(making.problems));
    return making;
  };
  const page = await make('html')();
  const picture = await make('png')();
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const browser = picture.kind === 'made' ? await chromium.launch({ executablePath }) : undefined;
  try {
    const sheet = await browser?.newPage();
    const markup = page.kind === 'made' ? new TextDecoder().decode(page.file.bytes) : '';
    const print = async () => {
      await sheet?.setContent(markup, { waitUntil: 'load' });
      await sheet?.pdf({ format: 'A4' });
    };
    return {
      pdf: await time(make('pdf')),
      xlsx: await time(make('xlsx')),
      png: picture.kind === 'made' ? await time(make('png')) : undefined,
      chromium: sheet ? await time(print) : undefined,
    };
  } finally {
    await browser?.close();
  }
}
