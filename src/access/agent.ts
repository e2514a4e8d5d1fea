import type { IncomingHttpHeaders } from 'node:http';

/** In a header, never in an address: who works for a body is personal data, and addresses stay in logs. */
export const AGENT_HEADER = 'X-Agent-Id';

/** What identity providers give: a UUID, a pairwise identifier, an e-mail address. */
const AGENT = /^[!-~]{1,128}$/;

/** Whom of the body the caller says is asking; null when it does not say, undefined for what is no identifier. */
export function agentIn(headers: IncomingHttpHeaders): string | null | undefined {
  const given = headers['x-agent-id'];
  if (given === undefined) return null;
  return typeof given === 'string' && AGENT.test(given) ? given : undefined;
}
