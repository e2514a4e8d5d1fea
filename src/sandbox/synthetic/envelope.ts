import type { Answer } from '../answer.ts';

type Json = Record<string, unknown>;

export function single(data: Json, meta: Json = {}, links: Json = {}): Answer {
  return { status: 200, body: { data, links, meta } };
}

export function collection(items: readonly Json[], meta: Json = {}): Answer {
  return {
    status: 200,
    body: { data: items.map((data) => ({ data, links: {}, meta: {} })), links: {}, meta },
  };
}

export function failure(status: number, code: string, title: string, detail: string, meta: Json): Answer {
  return { status, body: { errors: [{ code, title, detail, meta }] } };
}
