using System.Text.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ActorIpam.Specs.Resources;

public class ResourceJsonSpecs
{
    [Fact]
    public void Reading_what_was_written_gives_the_resource_back() =>
        Prop.ForAll(SomeResource.Any.ToArbitrary(), resource =>
            Flat(ResourceJson.Read(JsonDocument.Parse(ResourceJson.Write(resource)).RootElement).Value) == Flat(resource))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Filling_defaults_twice_is_filling_them_once() =>
        Prop.ForAll(SomeResource.Any.ToArbitrary(), resource =>
        {
            var once = ResourceDefaults.Fill(resource);
            return Flat(ResourceDefaults.Fill(once)) == Flat(once);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_resource_is_judged_without_an_exception_and_every_refusal_names_its_field() =>
        Prop.ForAll(SomeResource.Any.ToArbitrary(), resource =>
            ResourceRules.Validate(resource).All(refusal => refusal.Field is { Length: > 0 } field && refusal.Message.StartsWith(field, StringComparison.Ordinal)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void All_mistakes_are_reported_at_once_with_their_paths()
    {
        var answer = Read("""
            {"apiVersion": "projectcalico.org/v3", "kind": "IPPool", "metadata": {"name": "web", "labels": {"a": 1, "b": "x"}, "colour": "red"},
             "spec": {"cidr": "10.0.0.0/16", "blockSize": "26", "natOutgoing": "yes", "allowedUses": ["Workload", 7], "blocksize": 26}, "Status": {}}
            """);
        answer.Refusals.Select(refusal => (refusal.Code, refusal.Field)).ShouldBe(
        [
            (RefusalCode.WrongType, "metadata.labels[a]"),
            (RefusalCode.UnknownField, "metadata.colour"),
            (RefusalCode.WrongType, "spec.blockSize"),
            (RefusalCode.WrongType, "spec.natOutgoing"),
            (RefusalCode.WrongType, "spec.allowedUses[1]"),
            (RefusalCode.UnknownField, "spec.blocksize"),
            (RefusalCode.UnknownField, "Status"),
        ]);
    }

    [Fact]
    public void What_kubectl_adds_is_read_over_and_null_means_left_out()
    {
        var pool = Read("""
            {"apiVersion": "projectcalico.org/v3", "kind": "IPPool", "status": {"conditions": []}, "metadata": {"name": "web", "generation": 3,
             "managedFields": [{}], "selfLink": "/x", "creationTimestamp": null, "resourceVersion": "42"}, "spec": {"cidr": "10.0.0.0/16", "blockSize": null}}
            """).Value.ShouldBeOfType<IpPool>();
        pool.Metadata.ResourceVersion.ShouldBe(42);
        pool.Metadata.CreationTimestamp.ShouldBeNull();
        pool.Spec.BlockSize.ShouldBeNull();
    }

    [Theory]
    [InlineData("[]", RefusalCode.Malformed)]
    [InlineData("{}", RefusalCode.UnknownKind)]
    [InlineData("""{"apiVersion": "v1", "kind": "IPPool"}""", RefusalCode.UnknownKind)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "ippool"}""", RefusalCode.UnknownKind)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": 7}""", RefusalCode.WrongType)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"name": "a", "name": "b"}}""", RefusalCode.Malformed)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"name": "a\ud800"}}""", RefusalCode.Malformed)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"labels": {"\ud800": "a"}}}""", RefusalCode.Malformed)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"resourceVersion": "-1"}}""", RefusalCode.Malformed)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"resourceVersion": 1}}""", RefusalCode.WrongType)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"creationTimestamp": "2030-02-31T00:00:00Z"}}""", RefusalCode.Malformed)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "IPPool", "spec": {"blockSize": 26.5}}""", RefusalCode.WrongType)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "IPPool", "spec": {"blockSize": 99999999999}}""", RefusalCode.WrongType)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "IPPool", "spec": []}""", RefusalCode.WrongType)]
    [InlineData("""{"apiVersion": "projectcalico.org/v3", "kind": "Node", "spec": {"addresses": [null]}}""", RefusalCode.WrongType)]
    public void What_cannot_be_read_is_refused(string body, RefusalCode code) => Read(body).Refusals.Select(refusal => refusal.Code).ShouldContain(code);

    [Theory]
    [InlineData("IPPOOLS", ResourceKind.IPPool)]
    [InlineData("pool", ResourceKind.IPPool)]
    [InlineData("No", ResourceKind.Node)]
    [InlineData("reservation", ResourceKind.IPReservation)]
    [InlineData("ipamconfig", ResourceKind.IPAMConfiguration)]
    public void Kinds_have_many_names(string name, ResourceKind kind)
    {
        ResourceKinds.TryFind(name, out var found).ShouldBeTrue();
        found.ShouldBe(kind);
        ResourceKinds.TryFind("pod", out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_field_that_is_written_stands_in_the_table()
    {
        foreach (var names in ResourceKinds.All)
        {
            ResourceKinds.Of(names.Kind).Kind.ShouldBe(names.Kind);
            ResourceSchema.Paths(names.Kind).ShouldAllBe(entry => entry.Field.Description.EndsWith('.'));
        }

        ResourceSchema.Paths(ResourceKind.Node).Select(entry => entry.Path).ShouldContain("spec.addresses[].type");
    }

    private static Answer<Resource> Read(string body) => ResourceJson.Read(JsonDocument.Parse(body).RootElement);

    /// <summary>Every value of a resource, lists and maps included, by the platform's own serializer.</summary>
    private static string Flat(Resource resource) => resource.GetType().Name + JsonSerializer.Serialize<object>(resource);
}
