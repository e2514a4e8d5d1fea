/** Tells until when (epoch milliseconds) some work waits before it starts. */
export type OnDelayed = (untilMs: number) => void;

/**
 * Gives what the others are told: short, see MAX_MESSAGE_CHARS, already sealed, or empty.
 * @param tellDelay to be called when the work cannot start before some time
 */
export type Work = (tellDelay: OnDelayed) => Promise<string>;

export interface ShareOptions {
  /** How long the work may take, once it has started: afterwards anybody may do it again. */
  limitMs: number;
  /** Called when the work that this process waits for, done by another, waits itself. */
  onDelayed: OnDelayed;
  /** Given whom to call once somebody in this process waits for the work: at once if somebody already does. */
  onWaited(listener: () => void): void;
  /**
   * Called when somebody in another process waits for the work that this one does: it may go on sooner.
   * @returns its delay where that holds all the same; null when there is none, or it is told anew
   */
  raise(): number | null;
}

/** Work that several processes want at the same time is done by one of them. */
export interface Sharing {
  /**
   * Does `work` unless another process does the work of the same name: then waits for its result. It rejects only
   * as its own `work` does; when that of another fails, it does its own.
   *
   * @param name safe as part of a key, without spaces, and telling nothing; shared once at a time in a process
   * @param work looks again first whether it is still to be done: it may have been since the caller looked
   * @returns what the others are told, or what this one was
   */
  share(name: string, work: Work, options: ShareOptions): Promise<string>;
}

/** Longer messages are not passed on: those who waited do the work themselves. */
export const MAX_MESSAGE_CHARS = 8_192;
