export type Sector = 'services' | 'commerce' | 'batiment' | 'travaux_publics' | 'agricole' | 'association';

/** An activity, in both nomenclatures of INSEE, and the collective agreement its employees are under. */
export interface Trade {
  sector: Sector;
  rev2: string;
  label: string;
  naf2025: string;
  idcc: number;
  agreement: string;
}

type Trades = readonly [Trade, ...Trade[]];

const trade = (
  sector: Sector,
  rev2: string,
  naf2025: string,
  label: string,
  idcc: number,
  agreement: string,
) => ({
  sector,
  rev2,
  label,
  naf2025,
  idcc,
  agreement,
});

const ENGINEERING = "bureaux d'études techniques";

export const BUILDING: Trades = [
  trade('batiment', '43.21A', '43.21Y', "Travaux d'installation électrique", 1597, 'ouvriers du bâtiment'),
  trade('batiment', '43.34Z', '43.34Y', 'Travaux de peinture et vitrerie', 1597, 'ouvriers du bâtiment'),
  trade('batiment', '41.20B', '41.00H', "Construction d'autres bâtiments", 1597, 'ouvriers du bâtiment'),
];

export const PUBLIC_WORKS: Trades = [
  trade('travaux_publics', '42.11Z', '42.11Y', 'Construction de routes', 1702, 'ouvriers de travaux publics'),
  trade(
    'travaux_publics',
    '42.21Z',
    '42.21Y',
    'Construction de réseaux',
    1702,
    'ouvriers de travaux publics',
  ),
];

export const FARMING: Trades = [
  trade('agricole', '01.13Z', '01.13Y', 'Culture de légumes et de racines', 7024, 'production agricole'),
  trade('agricole', '01.50Z', '01.50Y', 'Culture et élevage associés', 7024, 'production agricole'),
];

export const OTHER_TRADES: Trades = [
  trade('services', '62.02A', '62.20Y', 'Conseil en systèmes informatiques', 1486, ENGINEERING),
  trade('services', '71.12B', '71.12H', 'Ingénierie, études techniques', 1486, ENGINEERING),
  trade('services', '81.21Z', '81.21Y', 'Nettoyage courant des bâtiments', 3043, 'entreprises de propreté'),
  trade('services', '49.41A', '49.41G', 'Transports routiers de fret', 16, 'transports routiers'),
  trade('services', '85.59A', '85.59G', "Formation continue d'adultes", 1516, 'organismes de formation'),
  trade('commerce', '46.66Z', '46.64Y', 'Commerce de gros de machines de bureau', 573, 'commerces de gros'),
  trade('commerce', '47.61Z', '47.61Y', 'Commerce de détail de livres', 3013, 'librairie'),
  trade('commerce', '56.21Z', '56.21Y', 'Services des traiteurs', 1266, 'restauration de collectivités'),
];

export const ASSOCIATIONS: Trades = [
  trade('association', '94.99Z', '94.99Y', 'Organisations associatives', 1518, 'animation'),
  trade('association', '93.12Z', '93.12Y', 'Activités de clubs de sports', 2511, 'sport'),
];
