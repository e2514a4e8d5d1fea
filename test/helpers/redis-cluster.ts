import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Test } from 'tap';
import {
  clientOf,
  freePorts,
  type RedisServer,
  type RedisServerOptions,
  startRedis,
} from './redis-server.ts';
import { until } from './start-gateway.ts';

export interface RedisCluster {
  urls: string[];
  /** The three primaries, then their replicas in the same order, as they were at the start. */
  nodes: RedisServer[];
  /** The node that the cluster had given this key to, at the start. */
  primaryOf(key: string): Promise<RedisServer>;
}

interface ClusterNode {
  id: string;
  port: number;
  busPort: number;
}

const PRIMARIES = 3;
const SLOTS = ['0-5460', '5461-10922', '10923-16383'];
/** A primary waits for 2 s before it serves, however the cluster is made. */
const READY_MS = 20_000;

/**
 * Three primaries and three replicas. Each starts from the file in which Redis keeps what it knows of the
 * others: nothing is left to negotiate.
 */
export async function startRedisCluster(t: Test, options: RedisServerOptions = {}): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-cluster-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const ports = await freePorts(4 * PRIMARIES);
  const members = ports.slice(0, 2 * PRIMARIES).map((port, i) => ({
    id: randomBytes(20).toString('hex'),
    port,
    busPort: ports[i + 2 * PRIMARIES] ?? 0,
  }));
  const nodes = await Promise.all(
    members.map(async (member) => {
      await writeFile(join(folder, `${member.port}.conf`), knownBy(member, members));
      const args = [...argumentsOf(member, folder, options), ...(options.args ?? [])];
      return startRedis(t, { ...options, port: member.port, args });
    }),
  );
  const clients = nodes.map(({ url }) => clientOf(t, url, options));
  await until(() => isWhole(clients), READY_MS);
  for (const client of clients.slice(1)) client.disconnect();
  return {
    urls: nodes.map(({ url }) => url),
    nodes,
    async primaryOf(key) {
      const slot = await clients[0]?.cluster('KEYSLOT', key);
      const index = SLOTS.findIndex((range) => Number(slot) <= Number(range.split('-')[1]));
      return nodes[index] as RedisServer;
    },
  };
}

async function isWhole(clients: Redis[]): Promise<boolean> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('a node of the cluster does not answer')), READY_MS).unref();
  });
  const [states, links] = await Promise.race([
    Promise.all([
      Promise.all(clients.map((client) => client.cluster('INFO'))),
      Promise.all(clients.slice(PRIMARIES).map((client) => client.info('replication'))),
    ]),
    late,
  ]);
  const areServing = states.every((state) => String(state).includes('cluster_state:ok'));
  return areServing && links.every((link) => link.includes('master_link_status:up'));
}

function argumentsOf({ port, busPort }: ClusterNode, folder: string, { tls }: RedisServerOptions): string[] {
  return [
    ...['--cluster-enabled', 'yes', '--dir', folder, '--cluster-config-file', `${port}.conf`],
    ...['--cluster-port', String(busPort), '--cluster-node-timeout', '1000'],
    // Otherwise a primary that is killed within the first seconds has no replica that could take its place.
    ...['--repl-diskless-sync-delay', '0'],
    ...(tls ? ['--tls-cluster', 'yes', '--tls-replication', 'yes'] : []),
  ];
}

function knownBy(me: ClusterNode, members: ClusterNode[]): string {
  const lines = members.map(({ id, port, busPort }, i) => {
    const isPrimary = i < PRIMARIES;
    const role = `${id === me.id ? 'myself,' : ''}${isPrimary ? 'master' : 'slave'}`;
    const primary = isPrimary ? '-' : members[i - PRIMARIES]?.id;
    const slots = isPrimary ? ` ${SLOTS[i]}` : '';
    return `${id} 127.0.0.1:${port}@${busPort} ${role} ${primary} 0 0 ${(i % PRIMARIES) + 1} connected${slots}`;
  });
  return `${lines.join('\n')}\nvars currentEpoch ${PRIMARIES} lastVoteEpoch 0\n`;
}
