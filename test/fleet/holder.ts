import { openMember, SILENT } from './member.ts';

/** Takes the work of a name and never ends it; prints who it is once it has begun. Ends with its test. */
process.once('disconnect', () => process.exit());
const [name = '', ...urls] = process.argv.slice(2);
const { fleet, sharing } = await openMember(urls);
const begin = async () => {
  process.stdout.write(`${fleet.id}\n`);
  return new Promise<string>(() => {});
};
await sharing.share(name, begin, { ...SILENT, limitMs: 60_000 });
