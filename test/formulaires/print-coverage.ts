/** `npm run forms:coverage`: the share of the fields that each form asks of a dossier, filled for each persona. */
import { forms, HELD_BY_NOBODY, isFor, openForms, personaNames, prefill } from '../helpers/persona-forms.ts';

const closing: (() => unknown)[] = [];
const app = await openForms(
  { teardown: (close: () => unknown) => void closing.push(close) } as never,
  Date.now(),
);
const WIDTH = 36;
const cell = (text: string) => text.padStart(16);

/** Elements of a list count each; what is unknown by its nature counts as asked, and not as held. */
async function shareOf(form: (typeof forms)[number], name: string) {
  const { remplis, non_remplis } = await prefill(app, form, name);
  const filled = remplis.filter(({ source }) => source !== null).length;
  const unfilled = non_remplis.filter(({ dossier }) => !dossier.startsWith('/demande'));
  const missed = unfilled.filter(({ raison }) => !HELD_BY_NOBODY.includes(raison));
  return { filled, asked: filled + unfilled.length, held: filled + missed.length };
}

const totals = forms.map(() => ({ filled: 0, asked: 0, held: 0 }));
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
    const total = totals[i] as (typeof totals)[number];
    for (const key of ['filled', 'asked', 'held'] as const) total[key] += share[key];
  }
  console.log(name.padEnd(WIDTH) + shares.map((share) => cell(share ? inWords(share) : '–')).join(''));
}
console.log('ensemble'.padEnd(WIDTH) + totals.map((share) => cell(inWords(share))).join(''));
const ofHeld = totals.map(({ filled, held }) => cell(inWords({ filled, asked: held })));
console.log('de ce qu’une source détient'.padEnd(WIDTH) + ofHeld.join(''));
for (const close of closing.toReversed()) await close();
process.exit();
