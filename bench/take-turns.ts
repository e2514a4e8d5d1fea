/** Each takes its turn, in both directions: what the machine does meanwhile strikes them all alike. */
export async function takeTurns<C>(
  rounds: number,
  contestants: readonly C[],
  turn: (contestant: C) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) await turn(contestant);
  }
}
