import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import t from 'tap';
import { createSendingLimit } from '../../src/routes/sending-limit.ts';

function replying() {
  const raw = Object.assign(new EventEmitter(), { destroy() {} });
  return { reply: { raw } as unknown as FastifyReply, end: () => raw.emit('close') };
}

t.test('so many documents leave at once, and no more until one has gone', async (t) => {
  const count = createSendingLimit(() => {
    throw new Error('too many');
  }, 2);
  const [first, second, third] = [replying(), replying(), replying()];
  count(first.reply);
  count(second.reply);
  t.throws(() => count(third.reply), /too many/);
  first.end();
  count(third.reply);
  t.throws(() => count(replying().reply), /too many/);
});
