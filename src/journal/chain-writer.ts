import { blockAfter, type Tip } from './block.ts';
import { chainNameOf, monthOf, monthOfChain } from './chain-name.ts';
import type { ChainStore } from './chain-store.ts';
import { numbered } from './line.ts';
import { createSealedLines, type SealedLines } from './merkle.ts';
import { type Head, isHead, sealText } from './seal-line.ts';
import type { Signer } from './signing.ts';

export interface ChainWriterOptions {
  store: ChainStore;
  signer: Signer;
  /** What the pieces of lines stand for: see pieces.ts. */
  sources: readonly string[];
  now: () => number;
  /** Eight hexadecimal digits. */
  random: () => string;
  /** Told of each seal, so that it is also known elsewhere. */
  onSealed?(head: Head): void;
}

/** Writes a chain, and the next one when the month is over. One call at a time. */
export interface ChainWriter {
  /** Begins a chain of its own. */
  open(): Promise<void>;
  /** @param rests of the lines: see `numbered` */
  append(rests: readonly string[]): Promise<void>;
  /** Signs what was written since the last seal, if anything was. */
  seal(): Promise<void>;
  /** Signs that the chain ends here. */
  close(): Promise<void>;
}

/** Chains seen by a seal: more would let a fleet that keeps failing write nothing but seals. */
export const MAX_HEADS = 100;
/** A machine that slept seals what it wrote before it goes on: verification finds lines that went without. */
const LATE_MS = 2 * 60_000;

interface Chain extends Tip {
  name: string;
  /** Of the lines since the last seal. */
  unsealed: SealedLines;
  /** Epoch milliseconds. */
  sealedAtMs: number;
}

/** A failure leaves it closed: what was written last may or may not be there, so that only a new chain is sure. */
export function createChainWriter(options: ChainWriterOptions): ChainWriter {
  const { store, signer, sources, now, random, onSealed } = options;
  /** Number of the last line of other chains, when a seal last named it. */
  let seen = new Map<string, number>();
  let chain: Chain | null = null;

  async function open(): Promise<void> {
    chain = null;
    const name = chainNameOf(now(), random());
    await store.begin(name);
    const opened: Chain = { name, number: 0, hash: name, unsealed: createSealedLines(), sealedAtMs: now() };
    const opening = { nature: 'ouverture' as const, le: instant(), chaine: name, sources: [...sources] };
    const text = sealText(1, { ...opening, vues: await newHeads(name) }, signer);
    await writeSeal(opened, text);
    chain = opened;
  }

  async function append(rests: readonly string[]): Promise<void> {
    const current = await turned();
    if (now() - current.sealedAtMs > LATE_MS) await seal('controle');
    await write(current, rests);
  }

  /** The chain of this month. */
  async function turned(): Promise<Chain> {
    if (chain && monthOfChain(chain.name) !== monthOf(now())) {
      await seal('fermeture');
      await open();
    }
    if (!chain) throw new Error('the journal has no chain to write to');
    return chain;
  }

  async function write(to: Chain, rests: readonly string[]): Promise<void> {
    const block = blockAfter(to, rests);
    try {
      await store.append(block);
    } catch (error) {
      chain = null;
      throw error;
    }
    for (const hash of block.hashes) to.unsealed.add(hash);
    Object.assign(to, block.tip);
  }

  async function seal(nature: 'controle' | 'fermeture'): Promise<void> {
    const current = chain;
    if (!current || (nature === 'controle' && current.unsealed.size() === 0)) return;
    const { name, number, hash, unsealed } = current;
    const text = sealText(
      number + 1,
      {
        nature,
        le: instant(),
        chaine: name,
        avant: hash,
        depuis: number + 1 - unsealed.size(),
        racine: unsealed.root(),
        vues: await newHeads(name),
      },
      signer,
    );
    await writeSeal(current, text);
  }

  /** A seal, signed by itself, is not among the lines that the next one covers. */
  async function writeSeal(to: Chain, text: string): Promise<void> {
    await write(to, [text.slice(numbered(to.number + 1, '').length)]);
    Object.assign(to, { unsealed: createSealedLines(), sealedAtMs: now() });
    onSealed?.({ chaine: to.name, n: to.number, empreinte: to.hash });
  }

  /** How far other chains went since they were last seen. */
  async function newHeads(own: string): Promise<Head[]> {
    // What somebody made unreadable must not make this seal so.
    const heads = (await store.heads(monthOf(now()), MAX_HEADS)).filter(isHead);
    const moved = heads.filter(({ chaine, n }) => chaine !== own && seen.get(chaine) !== n);
    seen = new Map(heads.map(({ chaine, n }) => [chaine, n]));
    return moved;
  }

  function instant(): string {
    return new Date(now()).toISOString();
  }

  return {
    open,
    append,
    seal: () => seal('controle'),
    async close() {
      await seal('fermeture');
      chain = null;
    },
  };
}
