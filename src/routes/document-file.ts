import type { Piece } from '../dossier/piece.ts';
import type { Siren } from '../dossier/siret.ts';

type Described = Pick<Piece, 'administration' | 'libelle'>;

/** What a reader's computer calls the document of a piece. */
export function fileNameOf({ administration, libelle }: Described, siren: Siren): string {
  return `${administration} - ${libelle} - ${siren}.pdf`.replace(/[\\/:*?"<>|]/g, '-');
}

/** `Content-Disposition` (RFC 6266), in plain letters for those who do not read UTF-8 (RFC 8187). */
export function attachment(fileName: string): string {
  const plain = fileName
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '-');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
