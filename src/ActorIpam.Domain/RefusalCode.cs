namespace ActorIpam.Domain;

/// <summary>
/// The closed list of reasons to say no. The name is what the API shows; the conformance cases write the same in snake_case
/// (<c>CidrNotMasked</c> is <c>cidr_not_masked</c>).
/// </summary>
public enum RefusalCode
{
    // Allocation, semantics.md §5 and §6.
    PoolNotFoundOrDisabled,
    NoPoolSelectsNode,
    NoQualifiedPool,
    UseRequired,
    UseNotAllowed,
    BlockLimit,
    AutoAllocateOff,
    NotInPool,
    AlreadyAssigned,
    AffinityMismatch,
    BlockNoAffinity,
    HandleLimit,
    NodeMissing,
    WrongFamily,
    StrictAffinityRequired,
    SelectorInvalid,
    Exhausted,

    // Release and affinities, §7 and §9.
    NotFound,
    SeqConflict,
    HandleConflict,
    CidrTooSmall,
    NotEmpty,
    BadIp,

    // Who may, protocol.md §6.
    OtherHost,

    // Requests and handles, protocol.md §4.
    RequestFinished,
    RequestMismatch,
    HandleClosed,

    // The past, protocol.md §2.
    HistoryExpired,

    // Resources, §2.
    NameInvalid,
    NameFormat,
    NameTooLong,
    LabelKey,
    LabelValue,
    AnnotationKey,
    AnnotationInvalid,
    NamespaceNotAllowed,
    CidrMissing,
    CidrInvalid,
    CidrNotMasked,
    CidrImmutable,
    BlocksizeRange,
    BlocksizeImmutable,
    BlocksOtherSize,
    PoolSmallerThanBlock,
    Overlap,
    LinkLocal,
    IpipEnum,
    VxlanEnum,
    BothEncaps,
    IpipOnV6,
    UseEnum,
    UseRepeated,
    UseTooMany,
    LbCombined,
    LbEncap,
    LbBgpExport,
    LbNodeSelector,
    LbUseLocked,
    NodeSelectorSyntax,
    NodeSelectorGlobal,
    NamespaceSelectorSyntax,
    NamespaceSelectorGlobal,
    NodeSelectorTooLong,
    NamespaceSelectorTooLong,
    TunnelNamespaceSelector,
    AssignmentModeEnum,
    OutOfRange,
    Enum,
    NeitherStrictNorAuto,
    LimitNeedsStrict,
    BgpEmpty,
    DeletedFlagReserved,
    AlreadyExists,
    Conflict,
    ResourceVersionNotAllowed,

    // What cannot be read at all.
    Malformed,
    UnknownField,
    UnknownKind,
    WrongType,
    Invalid,
    TooMany,

    // Split, §4.5.
    PartsInvalid,
    CidrNotLargeEnough,
    ChildSmallerThanBlock,

    // Recovery.
    Recovering,
    NotRecovering,
    NotReported,

    // Nobody can answer now.
    TooBusy,
    StorageFull,
}
