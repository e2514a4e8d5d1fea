import { associations } from './endpoints/associations.ts';
import { building } from './endpoints/building.ts';
import { certifications } from './endpoints/certifications.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import { finance } from './endpoints/finance.ts';
import { insee } from './endpoints/insee.ts';
import { registers } from './endpoints/registers.ts';
import { social } from './endpoints/social.ts';

/** Every resource that is mocked; `synthetic/` has a file of the same name for what made-up companies answer. */
export const endpoints: readonly Endpoint[] = [
  ...insee,
  ...registers,
  ...associations,
  ...finance,
  ...social,
  ...building,
  ...certifications,
];

/** Every scope that opens some endpoint. */
export const allScopes: readonly string[] = [...new Set(endpoints.flatMap(({ scopes }) => scopes))].sort();
