"""The closed vocabularies of contact rules. Packs use these words only; questions also the spellings of words.toml."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Party(StrEnum):
    """Who is contacted, as a class of people. The word of a question may name the person: `third_party:neighbour`."""

    DEBTOR = "debtor"
    GUARANTOR = "guarantor"
    SPOUSE = "spouse"
    PARENT = "parent"  # of a debtor who is a minor
    GUARDIAN = "guardian"
    EXECUTOR = "executor"
    SUCCESSOR = "successor"
    DEBT_RELATED = "debt_related"  # bound by the debt or living from it, such as the spouse for a debt of the family
    ATTORNEY = "attorney"  # the debtor's
    CREDITOR = "creditor"  # the creditor, its lawyer, or the collector's lawyer
    CREDIT_BUREAU = "credit_bureau"
    DEBT_ADVISER = "debt_adviser"
    CONTACT_PERSON = "contact_person"  # named by the debtor at the start, owes nothing
    EMPLOYER = "employer"
    THIRD_PARTY = "third_party"


class Aim(StrEnum):
    """What a contact is for. A word of a question may mean several; none said is read as collecting."""

    COLLECT = "collect"
    REMIND = "remind"
    DEMAND = "demand"
    NEGOTIATE = "negotiate"
    THREATEN_SUIT = "threaten_suit"
    LOCATE = "locate"
    RELAY = "relay"
    SERVICE = "service"
    ACCEPT_PAYMENT = "accept_payment"
    AT_REQUEST = "at_request"
    ANSWER = "answer"
    REQUIRED_BY_LAW = "required_by_law"
    PROCEEDINGS = "proceedings"
    OTHER_LIABILITY = "other_liability"
    END_OF_EFFORTS = "end_of_efforts"
    POSSIBLE_REMEDY = "possible_remedy"
    SPECIFIC_REMEDY = "specific_remedy"
    VERIFY = "verify"
    CONFIRM_OPT_OUT = "confirm_opt_out"


class Action(StrEnum):
    """What is asked about: a contact, or a step against the debtor."""

    CONTACT = "contact"
    FURNISH = "furnish_to_credit_bureau"
    THREATEN = "threaten_legal_action"
    SUE = "file_suit"
    PAYMENT_ORDER = "apply_payment_order"
    ENFORCE = "enforce"
    CHARGE = "charge_interest_or_fees"
    SELL = "sell_debt"
    PLAN = "create_plan"


class Event(StrEnum):
    """What can be known beside the log of contacts. docs/contact-rules.md says what each means."""

    ACKNOWLEDGED_AFTER_EXPIRY = "acknowledged_after_expiry"
    ADDRESS_CONFIRMED = "address_confirmed"
    ADDRESS_UNKNOWN = "address_unknown"
    AGREED_FREQUENCY = "agreed_frequency"
    ANSWER_BELIEVED_WRONG = "answer_believed_wrong"
    ATTORNEY_CONSENTS = "attorney_consents"
    ATTORNEY_REPRESENTED = "attorney_represented"
    ATTORNEY_SILENT = "attorney_silent"
    ATTORNEY_WITHDRAWN = "attorney_withdrawn"
    BANKRUPTCY = "bankruptcy"
    CASE_REVIEWED = "case_reviewed"
    CEASE_NOTICE = "cease_notice"
    CEASE_WITHDRAWN = "cease_withdrawn"
    COMPLAINT_OPEN = "complaint_open"
    COMPLAINT_ANSWERED = "complaint_answered"
    CONSENT_CALLS = "consent_calls"
    CONSENT_HOURS = "consent_hours"
    CONSENT_MEDIUM = "consent_medium"
    CONSENT_REVOKED = "consent_revoked"
    CONSENT_THIRD_PARTY = "consent_third_party"
    COUNTERCLAIM = "counterclaim"
    COURT_PERMISSION = "court_permission"
    DEBT_ADVICE_ENDED = "debt_advice_ended"
    DEBT_ADVICE_EXTENDED = "debt_advice_extended"
    DEBT_ADVICE_PLAN = "debt_advice_plan"
    DEBTOR_DECEASED = "debtor_deceased"
    DEBTOR_IN_COUNTRY = "debtor_in_country"
    DEBTOR_MISSING = "debtor_missing"
    DISPUTE_ANSWERED = "dispute_answered"
    DISPUTE_VALID_GROUNDS = "dispute_valid_grounds"
    DISPUTE_WRITTEN = "dispute_written"
    DUPLICATIVE_NOTICE_SENT = "duplicative_notice_sent"
    EMPLOYER_ALLOWS = "employer_allows"
    EMPLOYER_PROHIBITS = "employer_prohibits"
    EXTINGUISHED = "extinguished"
    FORBEARANCE_CONSIDERED = "forbearance_considered"
    INCONVENIENT_PLACE = "inconvenient_place"
    INCONVENIENT_TIME = "inconvenient_time"
    INSTALMENT_AGREEMENT = "instalment_agreement"
    JOINT_DEBT = "joint_debt"
    LETTER_ABOUT_DEBT = "letter_about_debt"
    LOST_CONTACT = "lost_contact"
    MEDIUM_OPT_IN = "medium_opt_in"
    MEDIUM_OPT_OUT = "medium_opt_out"
    MENTAL_CAPACITY = "mental_capacity"
    MORATORIUM = "moratorium"
    MORATORIUM_ENDED = "moratorium_ended"
    NO_OTHER_DISPUTE = "no_other_dispute"
    NUMBER_INVALID = "number_invalid"
    OFFERS_TO_PAY = "offers_to_pay"
    OTHER_DISPUTE = "other_dispute"
    PLACE_ALLOWED = "place_allowed"
    PLAN_BROKEN = "plan_broken"
    PRE_SUIT_PRESERVATION = "pre_suit_preservation"
    REFUSES_TIME_BARRED = "refuses_time_barred"
    REFUSES_TO_PAY = "refuses_to_pay"
    REQUESTED_CONTACT = "requested_contact"
    SUM_CERTAIN_AND_DUE = "sum_certain_and_due"
    TIME_BARRED = "time_barred"
    TREATMENT_ENDED = "treatment_ended"
    UNDELIVERABLE = "undeliverable"
    VALIDATION_PROVIDED = "validation_provided"
    VERIFICATION_SENT = "verification_sent"
    VULNERABLE = "vulnerable"
    WRONG_NUMBER_LEARNED = "wrong_number_learned"


# How one person may be reached: what they wished or allowed, and what is known of their numbers. It binds no contact
# with anybody else.
PERSONAL: Final = frozenset(
    {
        Event.ADDRESS_CONFIRMED,
        Event.CONSENT_CALLS,
        Event.CONSENT_HOURS,
        Event.CONSENT_MEDIUM,
        Event.CONSENT_REVOKED,
        Event.EMPLOYER_ALLOWS,
        Event.EMPLOYER_PROHIBITS,
        Event.INCONVENIENT_PLACE,
        Event.INCONVENIENT_TIME,
        Event.MEDIUM_OPT_IN,
        Event.MEDIUM_OPT_OUT,
        Event.NUMBER_INVALID,
        Event.PLACE_ALLOWED,
        Event.REQUESTED_CONTACT,
        Event.WRONG_NUMBER_LEARNED,
    }
)


class Effective(StrEnum):
    """From which of its instants a flag counts: when it was received, when it was sent, or when it happened."""

    AT = "at"
    RECEIVED = "received"
    SENT = "sent"


class Scope(StrEnum):
    """What a flag holds for: the person, its debts, its medium (or one address of it), its place, its party."""

    PERSON = "person"
    DEBT = "debt"
    MEDIUM = "medium"
    PLACE = "place"
    PARTY = "party"


class Key(StrEnum):
    """What contacts must share to stand in one count. `debt`: loans under one account are one debt."""

    COLLECTOR = "collector"
    PERSON = "person"
    DEBT = "debt"
    ADDRESS = "address"
    CHANNEL = "channel"


class Hands(StrEnum):
    """Whose hands: the creditor's own staff, or an agency's."""

    ORG = "org"
    AGENCY = "agency"


class Place(StrEnum):
    HOME = "home"
    WORK = "work"


class Weekday(StrEnum):
    MO = "MO"
    TU = "TU"
    WE = "WE"
    TH = "TH"
    FR = "FR"
    SA = "SA"
    SU = "SU"


WEEKDAYS: Final = tuple(Weekday)


class Override(StrEnum):
    """A reason that a law accepts for going over an overridable block. A named person gives it."""

    REQUIRED_BY_LAW = "required_by_law"
    ACTIVE_LITIGATION = "active_litigation"
    CONSUMER_ASKED = "consumer_asked"
    TIME_CRITICAL_BENEFIT = "time_critical_benefit"
    AGREED = "agreed"  # the debtor agreed, and it is on record
    CASE_REVIEWED = "case_reviewed"  # somebody looked at the case first
    NOT_POSSIBLE = "not_possible"  # what the rule asks for could not be done; the note says why


class Said(StrEnum):
    """What a question may say of the contact itself; true or false, `collectors` and `months` numbers."""

    AUTOMATED = "automated"
    COLLECTORS = "collectors"
    COSTS_CLAIMED = "costs_claimed"
    DISCLOSES_DEBT = "discloses_debt"
    ENTERS_HOME = "enters_home"
    ENTERS_WORKPLACE = "enters_workplace"
    FIRST_CLAIM = "first_claim"
    HAS_OPT_OUT_NOTICE = "has_opt_out_notice"
    HIGHER_INTEREST_CLAIMED = "higher_interest_claimed"
    HOME_CONSENT = "home_consent"
    ID_SHOWN = "id_shown"
    IMPERSONATES = "impersonates"  # police, a court, an authority, a lawyer, or the creditor itself
    INTEREST_CLAIMED = "interest_claimed"
    MISLEADING = "misleading"
    MONTHS = "months"
    NOTICE_GIVEN = "notice_given"  # of a visit
    PERSONAL_ACCOUNT = "personal_account"
    PREMIUM_RATE = "premium_rate"
    PRESSES = "presses"  # to borrow elsewhere, to sell, to pay unreasonably much or fast
    PURPOSE_EXPLAINED = "purpose_explained"
    RECORDED = "recorded"
    SHOWS_DEBT_OUTSIDE = "shows_debt_outside"  # on the envelope, or where others see it
    THREATENS = "threatens"  # violence, harm, insults, consequences that cannot come
    VAT_CLAIMED = "vat_claimed"
    WORK_CONSENT = "work_consent"


class Particular(StrEnum):
    """What a message, a letter or a plan may have to state."""

    ADDRESS_SOURCE = "address_source"
    BALANCE_STRUCTURE_CURRENCY = "balance_structure_currency"
    CLAIM_GROUND = "claim_ground"
    CLIENT_ADDRESS = "client_address"
    CLIENT_NAME = "client_name"
    COLLECTOR_NAME = "collector_name"
    COMPLAINT_CHANNEL = "complaint_channel"
    CONTACT_DETAILS = "contact_details"
    COST_DETAILS = "cost_details"
    DEBT_COLLECTOR_DISCLOSURE = "debt_collector_disclosure"
    FEES_DURING_PLAN = "fees_during_plan"
    HIGHER_INTEREST_REASON = "higher_interest_reason"
    HOW_TO_CHECK_AND_REPAY = "how_to_check_and_repay"
    HOW_TO_OBJECT = "how_to_object"
    INTEREST_CALCULATION = "interest_calculation"
    NAME_AND_BALANCE = "name_and_balance"
    NO_NEW_CARD_PROMISE = "no_new_card_promise"
    OTHER = "other"
    REASON_AND_LAW = "reason_and_law"
    REPRESENTS = "represents"
    RIGHTS_AND_BREACH = "rights_and_breach"
    RIGHTS_AND_DUTIES = "rights_and_duties"
    SCHEDULE = "schedule"
    SEAL = "seal"
    SUPERVISORY_AUTHORITY = "supervisory_authority"
    VAT_STATEMENT = "vat_statement"
