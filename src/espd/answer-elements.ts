import type { Answer } from './answers.ts';
import { GATEWAY, id } from './codes.ts';
import { branch, type Element, leaf } from './element.ts';

type Write = (value: string, valueId: string) => Element;

/** How each type of answer is written (BR-TCR-08). */
const WRITERS: Record<string, Write> = {
  INDICATOR: responseValue((value) => leaf('cbc:ResponseIndicator', value)),
  AMOUNT: responseValue((value) => leaf('cbc:ResponseAmount', value, { currencyID: 'EUR' })),
  DATE: responseValue((value) => leaf('cbc:ResponseDate', value)),
  DESCRIPTION: responseValue((value) => leaf('cbc:Description', value)),
  IDENTIFIER: responseValue((value) => leaf('cbc:ResponseID', value, { schemeAgencyID: GATEWAY })),
  QUANTITY_INTEGER: responseValue((value) => leaf('cbc:ResponseQuantity', value)),
  QUANTITY_YEAR: responseValue((value) => leaf('cbc:ResponseQuantity', value, { unitCode: 'YEAR' })),
  // Tax returns say when an exercise ended, not when it began.
  PERIOD: (value) => branch('cac:ApplicablePeriod', [leaf('cbc:EndDate', value)]),
  EVIDENCE_IDENTIFIER: (value) => branch('cac:EvidenceSupplied', [id(value, GATEWAY)]),
};

function responseValue(write: (value: string) => Element): Write {
  return (value, valueId) => branch('cac:ResponseValue', [id(valueId, GATEWAY), write(value)]);
}

/** One answer; null when its type is one of those that are never answered. */
export function answerElement({ question, value }: Answer): Element | null {
  const write = WRITERS[question.type];
  if (!write) return null;
  const responseId = `${question.id}/R1`;
  return branch('cac:TenderingCriterionResponse', [
    id(responseId, GATEWAY),
    leaf('cbc:ValidatedCriterionPropertyID', question.id, { schemeAgencyID: GATEWAY }),
    write(value, `${responseId}/RV`),
  ]);
}
