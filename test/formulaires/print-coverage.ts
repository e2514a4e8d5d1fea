/** `npm run forms:coverage`: the share of the fields that each form asks of a dossier, filled for each persona. */
import { forms, isFor, openForms, personaNames, prefill } from '../helpers/persona-forms.ts';

const closing: (() => unknown)[] = [];
const app = await openForms(
  { teardown: (close: () => unknown) => void closing.push(close) } as never,
  Date.now(),
);
const WIDTH = 36;
const cell = (text: string) => text.padStart(16);

/** Elements of a list count each; what is unknown by its nature counts as unfilled. */
async function shareOf(form: (typeof forms)[number], name: string) {
  const { remplis, non_remplis } = await prefill(app, form, name);
  const filled = remplis.filter(({ source }) => source !== null).length;
  const asked = filled + non_remplis.filter(({ dossier }) => !dossier.startsWith('/demande')).length;
  return { filled, asked };
}

const totals = forms.map(() => ({ filled: 0, asked: 0 }));
const inWords = ({ filled, asked }: { filled: number; asked: number }) =>
  `${filled}/${asked} ${Math.round((100 * filled) / asked)
    .toString()
    .padStart(3)} %`;
console.log(''.padEnd(WIDTH) + forms.map(({ id }) => cell(id)).join(''));
for (const name of personaNames) {
  const shares = [];
  for (const form of forms) shares.push(isFor(form, name) ? await shareOf(form, name) : null);
  for (const [i, share] of shares.entries()) {
    if (share === null) continue;
    const { filled, asked } = share;
    const total = totals[i] as (typeof totals)[number];
    total.filled += filled;
    total.asked += asked;
  }
  console.log(name.padEnd(WIDTH) + shares.map((share) => cell(share ? inWords(share) : '–')).join(''));
}
console.log('ensemble'.padEnd(WIDTH) + totals.map((share) => cell(inWords(share))).join(''));
for (const close of closing.toReversed()) await close();
process.exit();
