/** The schema asks for more work than anybody's form does: references that multiply, huge lists asked many times. */
export class TooMuchEffort extends Error {}

/** Takes so many steps of what one request may cost. @throws TooMuchEffort */
export type Spend = (steps: number) => void;

export function createSpend(maxSteps: number): Spend {
  let left = maxSteps;
  return (steps) => {
    left -= steps;
    if (left < 0) throw new TooMuchEffort();
  };
}
