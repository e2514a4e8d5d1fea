export interface Town {
  name: string;
  postcode: string;
  /** Official geographical code of INSEE. */
  code: string;
  /** Commercial court that holds the register: its name, its code. */
  court: readonly [name: string, code: string];
}

const town = (name: string, postcode: string, code: string, court: string, courtCode: string): Town => ({
  name,
  postcode,
  code,
  court: [court, courtCode],
});

export const TOWNS: readonly [Town, ...Town[]] = [
  town('ROUEN', '76000', '76540', 'ROUEN', '7608'),
  town('DIJON', '21000', '21231', 'DIJON', '2104'),
  town('LIMOGES', '87000', '87085', 'LIMOGES', '8701'),
  town('GRENOBLE', '38000', '38185', 'GRENOBLE', '3801'),
  town('ANGERS', '49000', '49007', 'ANGERS', '4901'),
  town('METZ', '57000', '57463', 'METZ', '5751'),
  town('AJACCIO', '20000', '2A004', 'AJACCIO', '2001'),
  town('AVIGNON', '84000', '84007', 'AVIGNON', '8401'),
  town('POITIERS', '86000', '86194', 'POITIERS', '8602'),
  town('CALAIS', '62100', '62193', 'BOULOGNE-SUR-MER', '6202'),
  town('NANTERRE', '92000', '92050', 'NANTERRE', '9201'),
  town('PAU', '64000', '64445', 'PAU', '6403'),
];
