/** Takes a place for somebody; gives what leaves it. Refuses, by throwing, what would be one too many. */
export type TakePlace = (name: string) => () => void;

/** Nobody takes more than half of the places: who holds all that it may keeps nobody else out. */
export function createFairPlaces(max: number, shed: () => never): TakePlace {
  const taken = new Map<string, number>();
  let all = 0;

  function change(name: string, by: 1 | -1): void {
    all += by;
    const own = (taken.get(name) ?? 0) + by;
    if (own === 0) taken.delete(name);
    else taken.set(name, own);
  }

  return (name) => {
    if (all >= max || (taken.get(name) ?? 0) >= Math.ceil(max / 2)) shed();
    change(name, 1);
    return () => change(name, -1);
  };
}
