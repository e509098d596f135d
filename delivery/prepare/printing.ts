import { compose } from '../compose/compose.ts';
import type { Document } from '../compose/document.ts';
import { piecesOf } from '../compose/pieces.ts';
import { openScope } from '../compose/scope.ts';
import { composeText } from '../compose/words.ts';
import { whole } from '../edition/edition.ts';
import { pictureId } from '../enqueue/message.ts';
import { renderMail } from '../render/mail.ts';
import type { RenderRoom } from '../render/renderers.ts';
import type { Composed, Press } from './press.ts';

/** The press of the house: documents composed from report.yml, drawn by the renderers. */
export function openPress(renderers: Pick<RenderRoom, 'make' | 'sideBySide'>): Press {
  return {
    sideBySide: renderers.sideBySide,
    compose(report, datasets, { slot, vars, edition, ...known }) {
      const texts = Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, String(value)]));
      const own = edition.key === whole.key ? {} : { edition };
      const facts = { ...known, slot: slot.id, period: slot.days, vars: texts, ...own };
      const document = compose(report, datasets, facts);
      const { scope, writing } = openScope(report, facts);
      const composed = (one: Document): Composed => ({
        title: one.title,
        figures: one.figures,
        words: (template, more) => composeText(template, one, report, { ...scope, ...more }, writing),
        mail: (text, picture) => renderMail(text, one, picture ? pictureId : undefined),
        pieces: (into, format) =>
          piecesOf(one, into, format).map(({ document: piece, part }) => ({ composed: composed(piece), part })),
        async print(format, signal, many) {
          const making = await renderers.make(format, one, signal, many);
          if (making.kind === 'unavailable') return making;
          const { file } = making;
          return making.kind === 'made'
            ? { kind: 'right', ...file }
            : { ...file, kind: 'wrong', problems: making.problems };
        },
      });
      return composed(document);
    },
  };
}
