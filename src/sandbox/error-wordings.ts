/** How an error presents itself. Titles are those of API Entreprise; details are ours: no client may read meaning into them. */
export interface Wording {
  title: string;
  detail: string;
  /** `meta.retry_in` of the errors that always say one. */
  retryInSeconds?: number;
}

const UNPROCESSABLE = 'Entité non traitable';
const BAD_FILE = 'Fichier renvoyé par le fournisseur de données non valide';
export const UNKNOWN: Wording = {
  title: 'Erreur inconnue du fournisseur de données',
  detail: "La réponse du fournisseur n'a pas été reconnue.",
};

const unprocessable = (detail: string): Wording => ({ title: UNPROCESSABLE, detail });
const badFile = (detail: string): Wording => ({ title: BAD_FILE, detail });

/** By code: errors of the hub itself. */
export const HUB: Readonly<Record<string, Wording>> = {
  '00015': { title: 'Conflit', detail: 'La même requête est déjà en cours de traitement pour ce jeton.' },
  '00100': { title: 'Privilèges insuffisants', detail: "Ce jeton n'ouvre pas cette ressource." },
  '00101': { title: 'Interdit', detail: 'Le jeton est absent ou invalide.' },
  '00103': { title: 'Jeton expiré', detail: 'Le jeton a expiré.' },
  '00105': { title: 'Jeton sur liste noire', detail: 'Le jeton a été révoqué.' },
  '00201': unprocessable('Il manque le paramètre context.'),
  '00202': unprocessable('Il manque le paramètre object.'),
  '00203': unprocessable('Il manque le paramètre recipient.'),
  '00210': unprocessable("Le paramètre recipient n'est pas un SIRET."),
  '00301': unprocessable("Ce n'est pas un SIREN."),
  '00302': unprocessable("Ce n'est pas un SIRET."),
  '00304': unprocessable("Ce n'est ni un SIRET, ni un numéro EORI."),
  '00305': unprocessable("Ce n'est pas un mois sur deux chiffres."),
  '00307': unprocessable("Ce n'est pas une année acceptée."),
  '00313': unprocessable('Le paramètre limit va de 1 à 1000.'),
  '00315': unprocessable("L'année va de 2006 à l'an passé."),
  '00330': unprocessable("Ce n'est ni un SIREN, ni un SIRET, ni un numéro RNA."),
  '00333': unprocessable("Ce n'est ni un SIREN, ni un numéro RNA."),
  '00390': unprocessable("Le paramètre profondeur n'est pas accepté."),
  '00401': { title: 'Mauvaise requête', detail: "La requête n'a pas pu être lue." },
  '00402': { title: "Version d'API non prise en charge", detail: "Cette ressource n'a pas cette version." },
  '00403': {
    title: 'Lien expiré',
    detail: "Ce lien n'est plus valable : refaites la requête qui l'a donné.",
  },
  '00429': { title: 'Trop de requêtes', detail: 'Le quota de ce jeton est épuisé pour cette minute.' },
  '00500': {
    title: 'Erreur interne',
    detail: "Le bac à sable a rencontré une erreur qu'il n'attendait pas.",
  },
  '00501': {
    title: 'Erreur réseau',
    detail: 'Le fournisseur est injoignable pour le moment.',
    retryInSeconds: 10,
  },
  '00502': { title: 'Erreur de stockage', detail: "Le document n'a pas pu être déposé." },
};

/** By sub-code: errors any provider may have. */
export const PROVIDER: Readonly<Record<string, Wording>> = {
  '000': {
    title: 'Erreur interne du fournisseur de données',
    detail: 'Le fournisseur a répondu par une erreur.',
  },
  '001': { title: 'Service non disponible', detail: 'Le service du fournisseur ne répond pas.' },
  '002': { title: 'Intermédiaire hors-délai', detail: "Le fournisseur n'a pas répondu à temps." },
  '003': { title: 'Entité non trouvée', detail: 'Identifiant inconnu, hors périmètre ou sans information.' },
  '004': { title: 'Erreur de résolution DNS', detail: "L'adresse du fournisseur n'a pas été résolue." },
  '005': {
    title: 'Indisponible pour des raisons légales',
    detail: 'Cette entité ne peut pas être diffusée.',
  },
  '006': {
    title: "Erreur d'authentification",
    detail: 'Le fournisseur a refusé les identifiants du service.',
  },
  '008': { title: 'Trop de requêtes', detail: 'Le fournisseur limite les appels du service.' },
  '009': { title: 'Erreur de certificat SSL', detail: "Le certificat du fournisseur n'est pas valide." },
  '011': { title: 'Erreur temporaire du fournisseur', detail: "L'erreur est passagère : réessayez bientôt." },
  '020': { title: 'Maintenance du fournisseur de données', detail: 'Le fournisseur est en maintenance.' },
  '051': badFile("Le contenu encodé du fichier n'est pas lisible."),
  '052': badFile("Le fichier n'est pas arrivé à temps."),
  '053': badFile("Le serveur du fichier n'a pas répondu correctement."),
  '054': badFile("L'adresse du fichier n'est pas valide."),
  '055': badFile("Le format du fichier n'est pas celui attendu."),
  '056': badFile('Le fichier est vide.'),
};

/** By code: errors of one provider only. */
export const SPECIFIC: Readonly<Record<string, Wording>> = {
  '02501': {
    title: "Erreur temporaire d'identification d'Infogreffe",
    detail: "Infogreffe a refusé l'identification.",
    retryInSeconds: 10,
  },
  '02502': {
    title: "Erreur de génération de commande d'Infogreffe",
    detail: "Infogreffe n'a pas pu préparer la commande, souvent faute de société au RCS.",
  },
  '03501': {
    title: 'Potentielle ressource non trouvée',
    detail: "L'erreur de la DGFiP peut aussi vouloir dire qu'elle n'a rien sur cette entreprise.",
  },
  '04501': {
    title: 'Analyse manuelle de la situation du compte en cours',
    detail: "Un agent de l'Urssaf doit examiner le compte.",
    retryInSeconds: 172_800,
  },
  '04502': {
    title: 'Demande de traitement logiciel en cours',
    detail: "L'Urssaf traite encore la demande.",
  },
  '04503': {
    title: "La situation du compte ne permet pas de délivrer l'attestation demandée",
    detail: "L'Urssaf ne délivre pas l'attestation.",
  },
  '31502': {
    title: "Erreur temporaire d'authentification au GIP-MDS",
    detail: "Le GIP-MDS a refusé l'authentification.",
    retryInSeconds: 10,
  },
  '31503': { title: 'Erreur de quota du GIP-MDS', detail: 'Le GIP-MDS limite les appels du service.' },
  '38422': {
    title: 'Attestation non disponible',
    detail: "L'entreprise n'est pas à jour de ses cotisations auprès de CIBTP.",
  },
};
