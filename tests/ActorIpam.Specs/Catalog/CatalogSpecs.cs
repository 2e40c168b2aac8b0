using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.Specs.Catalog;

public class CatalogSpecs
{
    [Fact]
    public void A_created_pool_is_stored_complete()
    {
        var given = Given.Nothing;
        var fact = given.Take(given.Creating(Given.Pool("web", "FD00::/64")));

        ResourceJson.Write(fact.ShouldBeOfType<CatalogEvent.Created>().Resource).ShouldBe(
            """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"web","uid":"uid-1","resourceVersion":"1","creationTimestamp":"2030-01-31T12:00:00Z"},"spec":{"cidr":"fd00::/64","blockSize":122,"ipipMode":"Never","vxlanMode":"Never","natOutgoing":false,"disabled":false,"disableBGPExport":false,"nodeSelector":"all()","allowedUses":["Workload","Tunnel"],"assignmentMode":"Automatic"}}""");
    }

    [Fact]
    public void Deciding_changes_neither_the_catalog_nor_the_given_resource()
    {
        var pool = Given.Pool("web", "FD00::/64");
        var before = ResourceJson.Write(pool);

        Given.Nothing.Creating(pool).IsRefused.ShouldBeFalse();

        ResourceJson.Write(pool).ShouldBe(before);
        ResourceCatalog.Empty.Pools.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_identity_is_dealt_even_to_a_pool_that_brings_one()
    {
        var pool = Given.Pool("web", "10.0.0.0/24");
        var fact = Given.Nothing.Take(Given.Nothing.Creating(pool with { Metadata = pool.Metadata with { Uid = "of-an-old-export" } }));
        fact.ShouldBeOfType<CatalogEvent.Created>().Resource.Metadata.Uid.ShouldBe("uid-1");
    }

    [Fact]
    public void A_creation_must_not_carry_a_resource_version()
    {
        var pool = Given.Pool("web", "10.0.0.0/24");
        Given.Nothing.Creating(pool with { Metadata = pool.Metadata with { ResourceVersion = 7 } }).Codes().ShouldBe([RefusalCode.ResourceVersionNotAllowed]);
    }

    [Fact]
    public void A_name_is_given_once_for_each_kind()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24")).And(new Node(new("web"), new()));
        given.Creating(Given.Pool("web", "10.0.0.0/24")).Codes().ShouldBe([RefusalCode.AlreadyExists]);
    }

    [Fact]
    public void An_overlap_is_refused_with_both_ranges_even_when_a_pool_is_disabled()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24", spec => spec with { Disabled = true }));
        var answer = given.Creating(Given.Pool("db", "10.0.0.0/16"));
        answer.Codes().ShouldBe([RefusalCode.Overlap]);
        answer.Refusals[0].Message.ShouldBe("The range 10.0.0.0/16 overlaps that of pool 'web', 10.0.0.0/24.");
    }

    [Fact]
    public void A_part_may_overlap_only_the_disabled_pool_that_is_split()
    {
        var enabled = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24"));
        var disabled = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24", spec => spec with { Disabled = true }));
        var part = Given.Pool("split-web-0", "10.0.0.0/25");

        enabled.Catalog.DecideCreate(part, enabled.Turn() with { SplitOf = "web" }).Codes().ShouldBe([RefusalCode.Overlap]);
        disabled.Take(disabled.Catalog.DecideCreate(part, disabled.Turn() with { SplitOf = "web" }));

        disabled.Catalog.PoolHolding(IpAddress.Parse("10.0.0.5"))!.Name.ShouldBe("split-web-0");
        disabled.Catalog.PoolHolding(IpAddress.Parse("10.0.0.200"))!.Name.ShouldBe("web");
    }

    [Fact]
    public void A_disabled_part_that_a_split_has_left_does_not_hide_the_enabled_pool_around_it()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24", spec => spec with { Disabled = true }));
        given.Take(given.Catalog.DecideCreate(Given.Pool("split-web-0", "10.0.0.0/25", spec => spec with { Disabled = true }), given.Turn() with { SplitOf = "web" }));
        given.Catalog.PoolServing(IpAddress.Parse("10.0.0.5")).ShouldBeNull();

        given.Take(given.Updating(Given.Pool("web", "10.0.0.0/24")));

        given.Catalog.PoolServing(IpAddress.Parse("10.0.0.5"))!.Name.ShouldBe("web");
        given.Catalog.PoolHolding(IpAddress.Parse("10.0.0.5"))!.Name.ShouldBe("split-web-0");
    }

    [Fact]
    public void Blocks_of_a_former_pool_are_adopted_only_when_they_have_its_size()
    {
        Given.Nothing.Creating(Given.Pool("web", "10.0.0.0/24"), "10.0.0.64/26").IsRefused.ShouldBeFalse();
        Given.Nothing.Creating(Given.Pool("web", "10.0.0.0/24", spec => spec with { BlockSize = 28 }), "10.0.0.64/26").Codes().ShouldBe([RefusalCode.BlocksOtherSize]);
    }

    [Fact]
    public void An_update_keeps_identity_and_takes_labels_from_the_manifest()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24"));
        var pool = Given.Pool("web", "10.0.0.0/24", spec => spec with { NatOutgoing = true });
        var updated = given.Take(given.Updating(pool with { Metadata = pool.Metadata with { Labels = Given.Map("tier", "front") } }))
            .ShouldBeOfType<CatalogEvent.Updated>().Resource.Metadata;

        updated.Uid.ShouldBe("uid-1");
        updated.ResourceVersion.ShouldBe(2);
        updated.CreationTimestamp.ShouldBe(Given.Noon);
        updated.Labels["tier"].ShouldBe("front");
        given.Catalog.PoolNamed("web")!.NatOutgoing.ShouldBeTrue();
    }

    [Fact]
    public void An_update_that_changes_nothing_records_nothing()
    {
        var given = Given.Nothing.And(Given.Pool("web", "2001:db8::/64"));
        given.Updating(Given.Pool("web", "2001:0db8:0::/64", spec => spec with { BlockSize = 122, IpipMode = "" })).Value
            .ShouldBeOfType<CatalogDecision.Unchanged>().Resource.Metadata.ResourceVersion.ShouldBe(1);
    }

    [Fact]
    public void An_update_from_a_stale_reading_conflicts()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24"));
        var pool = Given.Pool("web", "10.0.0.0/24", spec => spec with { Disabled = true });
        given.Updating(pool with { Metadata = pool.Metadata with { ResourceVersion = 9 } }).Codes().ShouldBe([RefusalCode.Conflict]);
        given.Updating(pool with { Metadata = pool.Metadata with { Uid = "another" } }).Codes().ShouldBe([RefusalCode.Conflict]);
        given.Updating(pool with { Metadata = pool.Metadata with { ResourceVersion = 1, Uid = "uid-1" } }).IsRefused.ShouldBeFalse();
        given.Updating(Given.Pool("db", "10.0.0.0/24")).Codes().ShouldBe([RefusalCode.NotFound]);
    }

    [Fact]
    public void Range_block_size_and_the_use_of_load_balancers_cannot_change()
    {
        var given = Given.Nothing
            .And(Given.Pool("web", "10.0.0.0/24", spec => spec with { BlockSize = 28 }))
            .And(Given.Pool("lb", "10.1.0.0/24", spec => spec with { AllowedUses = ["LoadBalancer"] }));
        given.Updating(Given.Pool("web", "10.0.0.0/16", spec => spec with { BlockSize = 28 })).Codes().ShouldBe([RefusalCode.CidrImmutable]);
        given.Updating(Given.Pool("web", "10.0.0.0/24")).Codes().ShouldBe([RefusalCode.BlocksizeImmutable]);
        given.Updating(Given.Pool("lb", "10.1.0.0/24")).Codes().ShouldBe([RefusalCode.LbUseLocked]);
    }

    [Fact]
    public void A_deleted_resource_is_gone_and_its_name_free()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24"));
        given.Catalog.DecideDelete(ResourceKind.IPPool, "web", 9).Codes().ShouldBe([RefusalCode.Conflict]);
        given.Catalog.DecideDelete(ResourceKind.IPPool, "db", null).Codes().ShouldBe([RefusalCode.NotFound]);

        given.Take(given.Catalog.DecideDelete(ResourceKind.IPPool, "web", 1)).ShouldBe(new CatalogEvent.Deleted(ResourceKind.IPPool, "web", "uid-1"));

        given.Catalog.Find(ResourceKind.IPPool, "web").ShouldBeNull();
        given.Catalog.PoolByUid("uid-1").ShouldBeNull();
        given.Catalog.PoolHolding(IpAddress.Parse("10.0.0.1")).ShouldBeNull();
        given.Creating(Given.Pool("web", "10.0.0.0/24")).IsRefused.ShouldBeFalse();
    }

    [Fact]
    public void Pools_are_found_by_address_and_listed_by_name()
    {
        var given = Given.Nothing.And(Given.Pool("b", "10.0.0.0/24")).And(Given.Pool("B", "fd00::/64")).And(Given.Pool("a", "10.0.2.0/23"));
        given.Catalog.Pools.Select(pool => pool.Name).ShouldBe(["B", "a", "b"]);
        given.Catalog.List(ResourceKind.IPPool).Select(pool => pool.Metadata.Name).ShouldBe(["B", "a", "b"]);
        given.Catalog.PoolHolding(IpAddress.Parse("10.0.3.255"))!.Name.ShouldBe("a");
        given.Catalog.PoolHolding(IpAddress.Parse("fd00::1"))!.Name.ShouldBe("B");
        given.Catalog.PoolHolding(IpAddress.Parse("10.0.1.0")).ShouldBeNull();
        given.Catalog.PoolHolding(IpAddress.Parse("fd01::")).ShouldBeNull();
    }

    [Fact]
    public void Configuration_and_reservations_count_while_they_are_stored()
    {
        var given = Given.Nothing
            .And(new IpamConfiguration(new("default"), new() { StrictAffinity = true, MaxBlocksPerHost = 3, IpCooldownSeconds = 60 }))
            .And(new IpReservation(new("r1"), ["10.0.0.0/25"]))
            .And(new IpReservation(new("r2"), ["10.0.0.128/25"]));
        given.Catalog.Rules.ShouldBe(new AllocationRules(true, true, 3, TimeSpan.FromMinutes(1)));
        given.Catalog.Reservations.Covers(Cidr.Parse("10.0.0.0/24")).ShouldBeTrue();

        given.Take(given.Catalog.DecideDelete(ResourceKind.IPAMConfiguration, "default", null));
        given.Take(given.Catalog.DecideDelete(ResourceKind.IPReservation, "r2", null));

        given.Catalog.Rules.ShouldBe(AllocationRules.Default);
        given.Catalog.Reservations.Covers(Cidr.Parse("10.0.0.0/24")).ShouldBeFalse();
        given.Catalog.Reservations.Covers(Cidr.Parse("10.0.0.0/25")).ShouldBeTrue();
    }

    [Fact]
    public void A_contradicting_fact_is_an_invariant_violation()
    {
        var given = Given.Nothing.And(Given.Pool("web", "10.0.0.0/24"));
        var stored = given.Catalog.Find(ResourceKind.IPPool, "web")!;
        Should.Throw<InvariantViolationException>(() => given.Catalog.Apply(new CatalogEvent.Created(stored)));
        Should.Throw<InvariantViolationException>(() => given.Catalog.Apply(new CatalogEvent.Deleted(ResourceKind.IPPool, "web", "another")));
        Should.Throw<InvariantViolationException>(() => ResourceCatalog.Empty.Apply(new CatalogEvent.Updated(stored)));
    }
}
