import t from 'tap';
import { createAccessStore } from '../../src/access/access-store.ts';
import { habilitationOf } from '../../src/access/demonstration.ts';
import { createRegister } from '../../src/access/register.ts';
import { onBothStores, openedAt } from '../helpers/databases.ts';
import { sure } from '../helpers/tokens.ts';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const now = () => NOW_MS;
const habilitation = habilitationOf('socle', NOW_MS + 86_400_000);
const { id } = habilitation;
const credential = {
  habilitationId: id,
  kind: 'secret' as const,
  proof: 'empreinte',
  expiresAtMs: NOW_MS + 1_000,
};

t.test('both stores', (t) =>
  onBothStores(t, async (t, place) => {
    t.test(
      'what is granted, given and revoked is read by the others, each time under a new version',
      async (t) => {
        const where = await place(t);
        const store = createAccessStore({ database: openedAt(t, where), now });
        const other = createAccessStore({ database: openedAt(t, where), now });
        sure(await store.prepare());
        sure(await other.prepare());
        const versions = [sure(await other.version())];
        const step = async (change: Promise<unknown>) => {
          const changed = await change;
          versions.push(sure(await other.version()));
          return changed;
        };
        await step(store.grant(habilitation));
        await step(store.addCredential({ ...credential, id: 'c1' }));
        await step(store.addCredential({ ...credential, id: 'c2' }));
        await step(store.addKey({ kid: 'k1', publicJwk: '{}' }));
        await step(store.shorten(id, 'secret', 'c2', NOW_MS + 10));
        t.equal(await step(store.revokeCredential('c2')), true);
        t.equal(await step(store.revokeKey('k1')), true);
        t.equal(await step(store.revokeHabilitation(id)), true);
        t.equal(new Set(versions).size, versions.length, String(versions));
        const read = sure(await other.read());
        t.equal(read.version, versions.at(-1));
        t.strictSame(read.habilitations, [{ habilitation, grantedAtMs: NOW_MS, revokedAtMs: NOW_MS }]);
        t.match(read.credentials, [
          { id: 'c1', proof: 'empreinte', expiresAtMs: NOW_MS + 10, revokedAtMs: null },
          { id: 'c2', expiresAtMs: NOW_MS + 1_000, revokedAtMs: NOW_MS },
        ]);
        t.match(read.keys, [{ kid: 'k1', revokedAtMs: NOW_MS }]);
      },
    );

    t.test('what is not there, or was revoked before, is not revoked', async (t) => {
      const store = createAccessStore({ database: openedAt(t, await place(t)), now });
      sure(await store.prepare());
      sure(await store.grant(habilitation));
      t.equal(await store.revokeHabilitation('personne'), false);
      t.equal(await store.revokeCredential('rien'), false);
      t.equal(await store.revokeHabilitation(id), true);
      t.equal(await store.revokeHabilitation(id), false);
    });

    t.test(
      'an assertion is good once, by whomever it is shown, and again once it would have expired',
      async (t) => {
        const where = await place(t);
        let nowMs = NOW_MS;
        const stores = [1, 2, 3].map(() =>
          createAccessStore({ database: openedAt(t, where), now: () => nowMs }),
        );
        for (const store of stores) sure(await store.prepare());
        const use = () =>
          Promise.all(stores.map((store) => store.useAssertion('client', 'jti', nowMs + 1_000)));
        t.strictSame((await use()).sort(), [false, false, true]);
        t.equal(await stores[0]?.useAssertion('other', 'jti', NOW_MS + 1_000), true);
        nowMs += 2_000;
        t.strictSame((await use()).filter(Boolean).length, 1);
      },
    );

    t.test(
      'a register sees what another process changed at its next look, and none of it while it is away',
      async (t) => {
        const where = await place(t);
        const store = createAccessStore({ database: openedAt(t, where), now });
        const database = openedAt(t, where);
        let [uptimeMs, look] = [0, () => {}];
        const changes: boolean[] = [];
        const register = createRegister({
          store: createAccessStore({ database, now }),
          onChange: (isAway) => void changes.push(isAway),
          every: (_, callback) => {
            look = callback;
            return () => {};
          },
          uptimeMs: () => uptimeMs,
        });
        t.equal(register.isCurrent(), false, 'before anything was read');
        await register.refresh();
        t.equal(register.isCurrent(), true);
        sure(await store.grant(habilitation));
        look();
        await register.refresh();
        t.equal(register.holder(id)?.isRevoked, false);
        sure(await store.revokeHabilitation(id));
        await register.refresh();
        t.equal(register.holder(id)?.isRevoked, true);
        await database.close();
        database.close = async () => {};
        await register.refresh();
        t.equal(register.isCurrent(), true, 'for a while');
        uptimeMs += 5_000;
        t.equal(register.isCurrent(), false);
        t.strictSame(changes, [true]);
      },
    );
  }),
);
