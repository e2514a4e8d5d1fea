import type { z } from 'zod';
import { associationSchemas } from './wire/associations.ts';
import { certificationSchemas } from './wire/certifications.ts';
import { errors } from './wire/envelope.ts';
import { fiscalSchemas } from './wire/fiscal.ts';
import { registerSchemas } from './wire/registers.ts';
import { sireneSchemas } from './wire/sirene.ts';
import { socialSchemas } from './wire/social.ts';

/** The body of a 200 answer of each endpoint, unknown keys refused, before its documents are minted. */
export const wireSchemas: Readonly<Record<string, z.ZodType>> = {
  ...sireneSchemas,
  ...registerSchemas,
  ...associationSchemas,
  ...fiscalSchemas,
  ...socialSchemas,
  ...certificationSchemas,
};

/** The body of every other answer. */
export const errorSchema = errors;
