/** A field of a procedure of Démarche numérique, and where in the dossier its value is. */
export interface Champ {
  /** Its stable number, or the identifier of the procedure's descriptor: base64 of `Champ-` and this number. */
  id: string | number;
  /** `text`, or as the descriptor calls it, `TextChampDescriptor`. */
  type: string;
  libelle?: string | null | undefined;
  /** Of a drop-down list: the values that it has; none when it is drawn from a register that is not published. */
  options?: readonly string[] | undefined;
  /** Of a drop-down list: whether it takes a value out of its own. */
  autre?: boolean | undefined;
  /** Of a repetition: the fields of each of its rows. */
  champs?: readonly Champ[] | undefined;
  /** A JSON pointer, in a repetition from the element of its list; null when nothing is said of it. */
  dossier: string | null;
}

/** `champ_`, and the identifier without the signs that pad it. */
export function keyOf(id: string | number): string {
  const encoded = typeof id === 'number' ? Buffer.from(`Champ-${id}`).toString('base64') : id;
  return `champ_${encoded.replace(/=/g, '')}`;
}

/** The key of a field, from any of the names that it goes by: its number, its identifier, or its key. */
export function keyNamed(name: string): string {
  return /^\d+$/.test(name) ? keyOf(Number(name)) : keyOf(name.replace(/^champ_/, ''));
}

/** Names of the descriptor that are not those of the type. */
const PLURALS: Readonly<Record<string, string>> = {
  commune: 'communes',
  departement: 'departements',
  region: 'regions',
};

/** `DropDownListChampDescriptor` → `drop_down_list`, `RNAChampDescriptor` → `rna`. */
export function typeOf({ type }: Pick<Champ, 'type'>): string {
  const bare = type.replace(/ChampDescriptor$/, '');
  const name = bare.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return bare !== type && Object.hasOwn(PLURALS, name) ? (PLURALS[name] as string) : name;
}
