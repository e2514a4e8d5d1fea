import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { RedisConnector } from './fleet/redis-connector.ts';

/** How long a start waits for Redis; without it the gateway starts all the same. */
const READY_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;
/** ioredis learns that a slot has moved from a node that answers; from one that is dead it learns nothing. */
const SLOTS_REFRESH_MS = 1_000;

/**
 * A server that does not answer for half a second is hung up on, and whatever waited for it fails: until it
 * has answered a new connection, commands for it fail at once. So a Redis that hangs is waited for once, and
 * of a cluster the nodes that are well go on. Nothing is tried twice. Milliseconds.
 */
const CONNECTION = {
  Connector: RedisConnector,
  connectTimeout: 2_000,
  socketTimeout: 500,
  /** A server that hangs does not close its side either. */
  disconnectTimeout: 100,
  maxRetriesPerRequest: 0,
  /** Demoted to a replica: its name may lead elsewhere by now. */
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
} satisfies RedisOptions;

/** Told of each connection that is lost or refused. */
type OnError = (error: Error) => void;

/**
 * Opens one Redis, or a cluster when several nodes are given. It reconnects by itself as long as it is open;
 * in the meantime commands fail at once.
 */
export async function openRedis(urls: readonly string[], onError: OnError): Promise<Redis | Cluster> {
  const redis = urls.length > 1 ? openCluster(urls, onError) : openServer(urls);
  redis.on('error', onError);
  const primaries = () => ('nodes' in redis ? redis.nodes('master') : []);
  await Promise.race([
    readyOf(redis).then(() => Promise.all(primaries().map(readyOf))),
    new Promise((resolve) => setTimeout(resolve, READY_MS).unref()),
  ]);
  return redis;
}

async function readyOf(redis: Redis | Cluster): Promise<void> {
  if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
}

/**
 * Opens the connection that subscribes. Of a cluster any node will do, since each hears what is published on
 * the others: when one does not answer any more it is the turn of the next. Subscribe at each 'ready'.
 */
export function openSubscriber(urls: readonly string[], onError: OnError): Redis {
  const [first = ''] = urls;
  let turn = 0;
  const redis = new Redis(first, {
    ...CONNECTION,
    maxRetriesPerRequest: null,
    // Nobody would handle its failure when the connection is closed for good in the meantime.
    autoResubscribe: false,
    retryStrategy(attempts) {
      Object.assign(redis.options, addressIn(urls[++turn % urls.length] ?? first));
      return retryMs(attempts);
    },
  });
  return redis.on('error', onError);
}

function openCluster(urls: readonly string[], onError: OnError): Cluster {
  let answers = true;
  const cluster: Cluster = new Cluster([...urls], {
    enableOfflineQueue: false,
    redisOptions: { ...CONNECTION, ...credentialsIn(urls) },
    clusterRetryStrategy: retryMs,
    // A cluster of which no node answers any more is opened anew, from the addresses that were given: ioredis
    // does so by itself once all its nodes have given up. (Told to by `disconnect(true)`, it never comes back
    // if all of them are between two attempts.)
    clusterNodeRetryStrategy: (attempts) =>
      answers && cluster.status === 'ready' ? retryMs(attempts) : null,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // A certificate is for a name, not for the address that ioredis would look up first.
    dnsLookup: (name, callback) => callback(null, name),
  });
  const refresh = () => {
    if (cluster.status !== 'ready') return;
    cluster.refreshSlotsCache((error) => {
      answers = !error;
    });
  };
  const timer = setInterval(refresh, SLOTS_REFRESH_MS).unref();
  cluster.once('end', () => clearInterval(timer));
  for (const event of ['ready', '+node']) cluster.on(event, () => connectNodes(cluster));
  return cluster.on('node error', onError);
}

/** Before anything is asked of them: the first command would wait for the connection, the next ones fail. */
function connectNodes(cluster: Cluster): void {
  if (cluster.status !== 'ready') return;
  for (const node of cluster.nodes()) if (node.status === 'wait') node.connect().catch(() => {});
}

function openServer([url = '']: readonly string[]): Redis {
  return new Redis(url, { ...CONNECTION, enableOfflineQueue: false, retryStrategy: retryMs });
}

/** Those of the first address serve for every node: of the others a cluster tells the host and the port only. */
function credentialsIn([first = '']: readonly string[]): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  const { protocol, username, password } = new URL(first);
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
}

function addressIn(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
}

function retryMs(attempts: number): number {
  return Math.min(50 * attempts, LONGEST_RETRY_MS);
}
