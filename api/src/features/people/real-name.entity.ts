import type { ResidentGroup } from '@yike/contracts/http/registration';
import type { UserId } from '@yike/contracts/ids';
import type { DocumentType } from '@yike/contracts/identity';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who a user is. The number and the phone are sealed by the person's key; their hashes find them. */
@Entity('real_names')
@Index('real_names_phone', ['phoneHmac'], { unique: true })
@Index('real_names_number', ['numberHmac'], { unique: true })
@Index('real_names_name', ['name', 'userId'])
@Index('real_names_guardian', ['guardianId'], { where: 'guardian_id IS NOT NULL' })
@Check('real_names_whole_number', 'num_nulls(document_type, number_cipher, number_hmac) IN (0, 3)')
@Check('real_names_whole_phone', 'num_nulls(phone_cipher, phone_hmac) IN (0, 2)')
export class RealNameEntity {
  @PrimaryColumn('uuid')
  userId!: UserId;

  /** Compared as bytes: lists and their pages have one order everywhere. */
  @Column({ type: 'text', collation: 'C' })
  name!: string;

  @Column('text', { nullable: true })
  documentType!: DocumentType | null;

  @Column('bytea', { nullable: true })
  numberCipher!: Buffer | null;

  @Column('bytea', { nullable: true })
  numberHmac!: Buffer | null;

  @Column('bytea', { nullable: true })
  phoneCipher!: Buffer | null;

  @Column('bytea', { nullable: true })
  phoneHmac!: Buffer | null;

  @Column('smallint', { nullable: true })
  birthYear!: number | null;

  @Column('text', { array: true, default: '{}' })
  groups!: ResidentGroup[];

  @Column('uuid', { nullable: true })
  guardianId!: UserId | null;

  /** When the phone was proven and the number checked. */
  @Column('timestamptz', { nullable: true })
  verifiedAt!: Date | null;
}

export type RealNameRow = Pick<RealNameEntity, keyof RealNameEntity>;
