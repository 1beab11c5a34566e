import { Injectable } from '@nestjs/common';
import type {
  Resident,
  ResidentSearch,
  ResidentSort,
  RevealedField,
  searchResidents,
} from '@yike/contracts/http/residents';
import { UserId } from '@yike/contracts/ids';
import { z } from 'zod';
import { NotFound } from '../../domain/domain-error.ts';
import { dayOf } from '../../domain/identity/calendar-day.ts';
import { DOCUMENTS } from '../../domain/identity/documents.ts';
import { readPhone } from '../../domain/identity/phone.ts';
import { narrowed } from '../../domain/organisations/paths.ts';
import { scopesFor } from '../../domain/policy/scopes.ts';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { ReplyOf } from '../../platform/http/endpoint.decorators.ts';
import { InvalidRequest } from '../../platform/problems/problems.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { AdministrativeActs } from '../audit/administrative-acts.ts';
import { OrganisationsService } from '../organisations/organisations.service.ts';
import { type MaskedPerson, PersonalDataService } from '../people/personal-data.service.ts';
import {
  type ResidentFilter,
  type ResidentPlace,
  type ResidentRow,
  ResidentsRepository,
} from './residents.repository.ts';

/** A name is not told by its cursor: where a page by name ended is found again by the id. */
const Cursor = z.tuple([z.enum(['name', 'newest']), UserId]);

/** Registered residents, for who looks after them: masked, and whole only for a reason. */
@Injectable()
export class ResidentsService {
  constructor(
    private readonly residents: ResidentsRepository,
    private readonly people: PersonalDataService,
    private readonly organisations: OrganisationsService,
    private readonly acts: Acts,
    private readonly administration: AdministrativeActs,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFound for an organisation that is none, InvalidRequest for a cursor that is none of ours */
  async search(user: SignedInUser, search: ResidentSearch): Promise<ReplyOf<typeof searchResidents>> {
    const { sort, limit } = search;
    const tx = this.unitOfWork.reader;
    const filter = await this.filterFor(user, search);
    const after = await this.placeAfter(search);
    const rows = await this.residents.find(filter, { sort, after, limit: limit + 1 }, tx);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: await this.show(shown),
      nextCursor: last === undefined ? null : printCursor(sort, last.id),
    };
  }

  /** @throws NotFound */
  async read(user: SignedInUser, id: UserId): Promise<Resident> {
    const row = await this.rowOf(id);
    this.acts.allow(user, 'resident.read', { orgPath: row.homePath, isHidden: true });
    const [shown] = await this.show([row]);
    if (shown === undefined) throw new NotFound('there is no such resident');
    return shown;
  }

  /** @throws StepUpNeeded, NotFound */
  async reveal(
    user: SignedInUser,
    id: UserId,
    { field, reason }: { readonly field: RevealedField; readonly reason: string },
  ): Promise<string | null> {
    const row = await this.rowOf(id);
    const act = {
      ...{ actor: user, action: 'resident.reveal' as const, orgUnitId: row.homeId, reason },
      subject: { kind: 'person', id },
      thing: { isHidden: true },
    };
    return this.administration.perform(act, async (tx) => {
      const value = field === 'name' ? row.name : await this.people.reveal(id, field, tx);
      return { after: { revealed: field }, result: value };
    });
  }

  private async rowOf(id: UserId): Promise<ResidentRow> {
    const row = await this.residents.byId(id, this.unitOfWork.reader);
    if (row === null) throw new NotFound('there is no such resident');
    return row;
  }

  private async filterFor(
    user: SignedInUser,
    { words, under, group }: ResidentSearch,
  ): Promise<ResidentFilter> {
    const scopes = scopesFor(user, 'resident.search', this.clock.nowMs());
    const wanted = under === undefined ? '' : await this.organisations.pathOf(under);
    const filter = { scopes: narrowed(scopes, wanted), group: group ?? null };
    if (!/\d/.test(words.normalize('NFKC'))) {
      return { ...filter, namePrefix: words === '' ? null : words, only: null };
    }
    const only = await this.personOf(words);
    return { ...filter, scopes: only === null ? [] : filter.scopes, namePrefix: null, only };
  }

  /** Whose phone or ID number this is: by its keyed hash, and only as a whole. */
  private async personOf(words: string): Promise<UserId | null> {
    const phone = readPhone(words);
    if ('value' in phone) return this.people.findByPhone(phone.value);
    const number = DOCUMENTS['mainland-id'].read(words, dayOf(this.clock.nowMs()));
    return 'value' in number ? this.people.findByNumber({ type: 'mainland-id', number: number.value }) : null;
  }

  private async placeAfter({ cursor, sort }: ResidentSearch): Promise<ResidentPlace | null> {
    if (cursor === undefined) return null;
    const [wasSort, id] = parseCursor(cursor);
    if (wasSort !== sort) throw new InvalidRequest('the cursor is of another order');
    const row = await this.residents.byId(id, this.unitOfWork.reader);
    if (row === null) throw new InvalidRequest('the cursor names nobody any more');
    return { name: row.name, id };
  }

  private async show(rows: readonly ResidentRow[]): Promise<Resident[]> {
    const people = await this.people.masked(rows.map(({ id }) => id));
    return rows.flatMap((row) => {
      const person = people.get(row.id);
      return person === undefined ? [] : [residentOf(row, person)];
    });
  }
}

function residentOf(row: ResidentRow, person: MaskedPerson): Resident {
  const { name, phone, documentType, number, birthYear, groups } = person;
  return {
    ...{ id: row.id, name, displayName: row.displayName, phone, documentType, number, birthYear },
    groups: [...groups],
    home: { id: row.homeId, name: row.homeName },
    registeredAt: row.registeredAt.toISOString(),
  };
}

const printCursor = (sort: ResidentSort, id: UserId): string =>
  Buffer.from(JSON.stringify([sort, id])).toString('base64url');

/** @throws InvalidRequest for what {@link printCursor} would not print */
function parseCursor(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new InvalidRequest('the cursor is not one of ours');
  }
}
