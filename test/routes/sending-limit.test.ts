import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import t from 'tap';
import type { Holder } from '../../src/access/register.ts';
import { createSendingLimit } from '../../src/routes/sending-limit.ts';

function replying() {
  const raw = Object.assign(new EventEmitter(), { destroy() {} });
  return { reply: { raw } as unknown as FastifyReply, end: () => raw.emit('close') };
}

const tooMany = () => {
  throw new Error('too many');
};
const of = (id: string) => ({ habilitation: { id } as Holder['habilitation'] });

t.test('so many documents leave at once, and no more until one has gone', async (t) => {
  const count = createSendingLimit(tooMany, 2);
  const [first, second, third] = [replying(), replying(), replying()];
  count(first.reply, of('a'));
  count(second.reply, of('b'));
  t.throws(() => count(third.reply, of('c')), /too many/);
  first.end();
  count(third.reply, of('c'));
  t.throws(() => count(replying().reply, of('a')), /too many/);
});

t.test('one habilitation never holds all the places: another is still served', async (t) => {
  const count = createSendingLimit(tooMany, 4);
  const held = [replying(), replying()];
  for (const { reply } of held) count(reply, of('a'));
  t.throws(() => count(replying().reply, of('a')), /too many/);
  count(replying().reply, of('b'));
  held[0]?.end();
  count(replying().reply, of('a'));
});
