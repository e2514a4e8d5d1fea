import { problemResponse } from '../problems.ts';

/** What every address that gives something of a dossier may answer instead. */
export const dossierRefusals = {
  400: problemResponse('La requête est mal formée, ou un jeton est donné dans l’adresse'),
  401: problemResponse('Un jeton manque, ou n’est pas accepté'),
  403: problemResponse("L'habilitation ne permet pas cet accès"),
  404: problemResponse('Aucune source ne connaît ce SIRET'),
  422: problemResponse('Des paramètres manquent ou sont invalides'),
  429: problemResponse('Trop de demandes dans la minute : voir `Retry-After`'),
  503: problemResponse('La passerelle ne peut pas répondre pour le moment'),
};
