/** Why a public body asks. Each decides which sources may be asked and what is examined. */
export const USAGES = ['marche_public', 'aide_publique', 'subvention_association', 'socle'] as const;
export type Usage = (typeof USAGES)[number];
