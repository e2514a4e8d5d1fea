/** Why somebody is refused: the word is what the journal keeps, the sentence what the caller is told. */
export interface Refusal {
  reason: Reason;
  detail: string;
  retryAfterSeconds?: number;
}

export type Reason =
  | 'jeton_absent'
  | 'jeton_refuse'
  | 'jeton_expire'
  | 'jeton_revoque'
  | 'habilitation_revoquee'
  | 'habilitation_expiree'
  | 'client_refuse'
  | 'jeton_dans_adresse'
  | 'demonstration'
  | 'reseau'
  | 'audience'
  | 'usage'
  | 'source'
  | 'destinataire'
  | 'machine'
  | 'debit'
  | 'registre_indisponible';

const RENEW = "Demandez-en un autre à l'exploitant de la passerelle, ou sur POST /oauth/token.";

const DETAILS = {
  jeton_absent: 'Envoyez un jeton dans l’en-tête « Authorization: Bearer … ».',
  jeton_refuse: `Ce jeton n'a pas été délivré par cette passerelle, ou il est mal recopié. ${RENEW}`,
  jeton_expire: `Ce jeton a expiré. ${RENEW}`,
  jeton_revoque: `Ce jeton a été révoqué. ${RENEW}`,
  habilitation_revoquee: "L'habilitation a été révoquée : adressez-vous à l'exploitant de la passerelle.",
  habilitation_expiree:
    "L'habilitation a expiré : demandez son renouvellement à l'exploitant de la passerelle.",
  client_refuse:
    "L'identifiant, le secret ou l'assertion ne sont pas acceptés : inconnus, expirés, révoqués, déjà utilisés ou adressés à une autre passerelle.",
  jeton_dans_adresse:
    'Un jeton ne se donne jamais dans une adresse, qui reste dans les journaux : envoyez-le dans l’en-tête « Authorization: Bearer … », et faites révoquer celui-ci.',
  demonstration:
    "Un jeton de démonstration ne sert que depuis la machine de la passerelle, tant que les administrations y sont simulées. Demandez une habilitation à l'exploitant.",
  reseau:
    "L'habilitation ne permet pas d'appeler depuis cette adresse : appelez depuis un réseau déclaré, ou faites déclarer celui-ci.",
  machine: 'Cette adresse est lue depuis la machine de la passerelle, ou avec le jeton METRICS_TOKEN.',
  registre_indisponible: 'Les habilitations ne peuvent pas être vérifiées pour le moment.',
} as const;

export function refusal(reason: keyof typeof DETAILS): Refusal {
  return { reason, detail: DETAILS[reason] };
}
