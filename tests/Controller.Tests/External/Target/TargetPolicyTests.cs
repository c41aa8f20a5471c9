using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.Controller.Tests.External.Target;

public sealed class TargetPolicyTests
{
    private const string Manager = "externalsecrets.external-secrets.io/";

    [Theory]
    [InlineData("Owner", nameof(TargetAction.Create))]
    [InlineData("Orphan", nameof(TargetAction.Create))]
    [InlineData("CreateOrMerge", nameof(TargetAction.Create))]
    [InlineData("Merge", nameof(TargetAction.Absent))]
    public void Where_there_is_none(string policy, string action) => Assert.Equal(Enum.Parse<TargetAction>(action), Decide(policy, null).Action);

    // policy, controller of what is there, action, message
    [Theory]
    [InlineData("Owner", "ExternalSecret/db", nameof(TargetAction.Update), "")]
    [InlineData("Owner", null, nameof(TargetAction.Update), "")]
    [InlineData("Owner", "ExternalSecret/other", nameof(TargetAction.Refuse), "target is owned by another ExternalSecret")]
    [InlineData("Merge", "ExternalSecret/other", nameof(TargetAction.Refuse), "target is owned by another ExternalSecret")]
    [InlineData("Owner", "SealedSecret/db", nameof(TargetAction.Refuse), "failed to take ownership of target secret")]
    [InlineData("Merge", "SealedSecret/db", nameof(TargetAction.Update), "")]
    [InlineData("Orphan", "ExternalSecret/db", nameof(TargetAction.Update), "")]
    [InlineData("Owner", "ExternalSecret/db/kubernetes-client.io", nameof(TargetAction.Refuse), "failed to take ownership of target secret")]
    [InlineData("Merge", "ExternalSecret/other/kubernetes-client.io", nameof(TargetAction.Update), "")]
    public void Where_there_is_one_its_controller_decides(string policy, string? controller, string action, string message)
    {
        var decision = Decide(policy, Existing(controller));
        Assert.Equal((Enum.Parse<TargetAction>(action), message), (decision.Action, decision.Message));
    }

    /// <summary>The two would write over each other for ever.</summary>
    [Fact]
    public void What_a_SealedSecret_adds_to_is_owned_by_none()
    {
        var patched = Existing(null);
        patched = patched with
        {
            Metadata = patched.Metadata with
            {
                Annotations = new(StringComparer.Ordinal) { ["sealedsecrets.bitnami.com/patch"] = "true" },
                ManagedFields = [new JsonObject { ["manager"] = "gitopssecrets-patch", ["operation"] = "Apply", ["fieldsV1"] = new JsonObject { ["f:data"] = new JsonObject { ["f:x"] = new JsonObject() } } }],
            },
        };
        Assert.Equal("failed to take ownership of target secret", Decide("Owner", patched).Message);
        Assert.Equal(TargetAction.Update, Decide("Merge", patched).Action);
        // Nobody adds to it any more.
        Assert.Equal(TargetAction.Update, Decide("Owner", patched with { Metadata = patched.Metadata with { Annotations = null } }).Action);
        Assert.Equal(TargetAction.Update, Decide("Owner", patched with { Metadata = patched.Metadata with { ManagedFields = null } }).Action);
    }

    [Fact]
    public void What_it_wrote_last_needs_no_write()
    {
        foreach (var policy in (string[])["Owner", "Orphan", "Merge", "CreateOrMerge"])
        {
            var written = Decide(policy, policy == "Merge" ? Existing(null) : null).Secret!;
            Assert.Equal(TargetAction.Nothing, Decide(policy, written).Action);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(28)]
    [InlineData(63)]
    [InlineData(253)]
    public void Owning_no_more_takes_the_reference_and_the_label_off(int length)
    {
        var name = new string('a', length);
        var owned = Decide("Owner", null, name: name).Secret!;
        Assert.Equal((name, true), (Assert.Single(owned.Metadata.OwnerReferences!).Name, owned.Metadata.OwnerReferences![0].Controller));
        Assert.Equal(ObjectHash.Of($"shop/{name}"), owned.Metadata.Labels!["reconcile.external-secrets.io/created-by"]);
        var orphaned = Decide("Orphan", owned, name: name).Secret!;
        Assert.Null(orphaned.Metadata.OwnerReferences);
        Assert.Equal(["reconcile.external-secrets.io/managed"], orphaned.Metadata.Labels!.Keys);
    }

    /// <summary>
    /// The original hashes the name of its manager from 28 characters on, and looks for labels and annotations under the plain one up to 63. The hashes are SHA3-224 of so many letters "a".
    /// </summary>
    [Theory]
    [InlineData(2, null)]
    [InlineData(27, null)]
    [InlineData(28, "52a6f48b37cd3535ef771a530c08d9cc4b78350ccdd33f2405e22ebb")]
    [InlineData(40, "6a401f856df4bd20348b18ab3ea9388a9ad151e1eabdbd7c60b76761")]
    [InlineData(63, "d61b5dbf7d4071336166769cf7d247904aa615027f9e8212e3cc76f4")]
    [InlineData(64, "ce06309528da04278a8072ca96610a47298cbca3a9b6a0ee7f581316")]
    [InlineData(253, "9b0c44f19e0963d139096c5c95c4e878905d195efdae01d2b7a6b1d1")]
    public void Merging_takes_back_its_own_keys_labels_and_annotations_alone(int length, string? hash)
    {
        var name = new string('a', length);
        var (plain, hashed) = (Manager + name, Manager + "sha3/" + hash);
        foreach (var manager in hash is null ? (string[])[plain] : [plain, hashed])
        {
            var next = Decide("Merge", Merged(manager), name: name).Secret!;
            Assert.Equal(["a", "theirs"], next.Data!.Keys);
            Assert.Equal(["reconcile.external-secrets.io/managed", "theirs"], next.Metadata.Labels!.Keys);
            Assert.Equal(["reconcile.external-secrets.io/data-hash", "theirs"], next.Metadata.Annotations!.Keys);
            Assert.Equal(("2", "2"), (next.Metadata.Labels["theirs"], next.Metadata.Annotations["theirs"]));
        }
        foreach (var other in (string[])[plain + "a", Manager + "sha3/of-a-long-name", "kubectl"])
        {
            var next = Decide("Merge", Merged(other), name: name).Secret!;
            Assert.Equal(["a", "own", "theirs"], next.Data!.Keys);
            Assert.Contains("own", next.Metadata.Labels!.Keys);
            Assert.Contains("own", next.Metadata.Annotations!.Keys);
        }
    }

    // who wrote it last, policy, whether it is only mended, what becomes of it
    [Theory]
    [InlineData("externalsecrets.external-secrets.io/other", "Merge", true, "theirs")]
    [InlineData("externalsecrets.external-secrets.io/other", "CreateOrMerge", true, "theirs")]
    [InlineData("externalsecrets.external-secrets.io/other", "Merge", false, "v")]
    [InlineData("externalsecrets.external-secrets.io/other", "Orphan", true, "v")]
    [InlineData("kubectl-edit", "Merge", true, "v")]
    [InlineData(Manager + "db", "Merge", true, "v")]
    public void What_another_ExternalSecret_merged_is_written_over_by_a_refresh_alone(string manager, string policy, bool isMending, string expected)
    {
        var there = Existing(null) with { Data = Data(("a", "theirs")) };
        there = there with { Metadata = there.Metadata with { ManagedFields = JsonNode.Parse($$$"""[{"manager":"{{{manager}}}","fieldsV1":{"f:data":{"f:a":{} } } }]""")!.AsArray() } };
        Assert.Equal(expected, Encoding.UTF8.GetString(Decide(policy, there, isMending: isMending).Secret!.Data!["a"]!));
    }

    [Fact]
    public void An_immutable_Secret_is_not_changed_nor_half_of_it()
    {
        var frozen = Existing("ExternalSecret/db") with { Immutable = true };
        var decision = Decide("Owner", frozen);
        Assert.Equal((TargetAction.Refuse, ExternalReasons.Immutable), (decision.Action, decision.Message));
    }

    /// <summary>The original writes the metadata, then again with the version of before, and meets its own conflict.</summary>
    [Fact]
    public void Metadata_of_an_immutable_Secret_is_put_right_in_one_write()
    {
        var frozen = Decide("Owner", null).Secret! with { Immutable = true };
        frozen = frozen with { Metadata = frozen.Metadata with { Labels = [] } };
        var decision = Decide("Owner", frozen);
        Assert.Equal(TargetAction.Update, decision.Action);
        Assert.NotEmpty(decision.Secret!.Metadata.Labels!);
        Assert.Equal(TargetAction.Nothing, Decide("Owner", decision.Secret).Action);
    }

    [Fact]
    public void One_that_was_to_be_immutable_keeps_its_data()
    {
        var frozen = Decide("Owner", null, immutable: true).Secret!;
        Assert.True(frozen.Immutable);
        Assert.Equal(TargetAction.Nothing, Decide("Owner", frozen, immutable: true, value: "new").Action);
    }

    [Fact]
    public void Another_type_makes_its_own_Secret_anew_and_refuses_to_touch_others()
    {
        Assert.Equal(TargetAction.Replace, Decide("Owner", Existing("ExternalSecret/db") with { Type = "kubernetes.io/tls" }, type: "Opaque").Action);
        Assert.Equal(TargetAction.Refuse, Decide("Merge", Existing(null) with { Type = "kubernetes.io/tls" }, type: "Opaque").Action);
        Assert.Equal(TargetAction.Update, Decide("Merge", Existing(null) with { Type = "kubernetes.io/tls" }).Action);
    }

    // type and account of what is there, type that is asked for, what is done
    [Theory]
    [InlineData("Opaque", "admin", "kubernetes.io/service-account-token", nameof(TargetAction.Refuse))]
    [InlineData("Opaque", null, "kubernetes.io/service-account-token", nameof(TargetAction.Replace))]
    [InlineData("Opaque", "admin", "kubernetes.io/tls", nameof(TargetAction.Replace))]
    [InlineData("kubernetes.io/service-account-token", "admin", null, nameof(TargetAction.Update))]
    public void A_type_does_not_make_a_token_of_what_another_left_on_the_Secret(string there, string? account, string? type, string action)
    {
        var existing = Existing("ExternalSecret/db");
        existing = existing with
        {
            Type = there,
            Metadata = existing.Metadata with { Annotations = account is null ? null : new(StringComparer.Ordinal) { [TemplateRules.ServiceAccountName] = account } },
        };
        Assert.Equal(Enum.Parse<TargetAction>(action), Decide("Owner", existing, type: type).Action);
    }

    [Fact]
    public void A_recreated_ExternalSecret_takes_its_Secret_over()
    {
        var next = Decide("Owner", Existing("ExternalSecret/db")).Secret!;
        Assert.Equal("uid-of-db", Assert.Single(next.Metadata.OwnerReferences!).Uid);
    }

    private static TargetDecision Decide(string policy, Secret? existing, bool immutable = false, string value = "v", string? type = null, string name = "db", bool isMending = false)
    {
        var template = new ExternalSecretTemplate { Type = type };
        using var rendered = new TargetRenderer(new TargetRendererOptions()).Render(
            template, new Dictionary<string, byte[]> { ["a"] = Encoding.UTF8.GetBytes(value) }, new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>(), CancellationToken.None);
        var decision = new TargetPolicy(new TargetDraft("shop", name, "uid-of-db", "target", policy, immutable, rendered) { IsMending = isMending }, existing).Decide();
        // What was rendered is zeroed with its maker; the Secret goes on being looked at.
        return decision.Secret is null ? decision : decision with
        {
            Secret = decision.Secret with { Data = new(decision.Secret.Data!.ToDictionary(item => item.Key, item => (byte[]?)[.. item.Value!]), StringComparer.Ordinal) },
        };
    }

    private static Secret Existing(string? controller) => new()
    {
        Metadata = new ObjectMeta
        {
            Namespace = "shop",
            Name = "target",
            Uid = "uid-of-target",
            OwnerReferences = controller?.Split('/') is [var kind, var name, .. var group]
                ? [new OwnerReference { ApiVersion = (group.Length == 0 ? "external-secrets.io" : group[0]) + "/v1", Kind = kind, Name = name, Uid = "uid-of-before", Controller = true, BlockOwnerDeletion = true }]
                : null,
        },
        Data = Data(("old", "1")),
        Type = "Opaque",
    };

    /// <summary>A Secret with something of that manager, and something of another's.</summary>
    private static Secret Merged(string manager)
    {
        var there = Existing(null) with { Data = Data(("own", "1"), ("theirs", "2")) };
        return there with
        {
            Metadata = there.Metadata with
            {
                Labels = new(StringComparer.Ordinal) { ["own"] = "1", ["theirs"] = "2" },
                Annotations = new(StringComparer.Ordinal) { ["own"] = "1", ["theirs"] = "2" },
                ManagedFields = JsonNode.Parse($$$"""
                    [{"manager":"{{{manager}}}","fieldsV1":{"f:data":{".":{},"f:own":{}},"f:metadata":{"f:labels":{"f:own":{}},"f:annotations":{"f:own":{}} } } },
                     {"manager":"somebody","fieldsV1":{"f:data":{"f:theirs":{} },"f:metadata":{"f:labels":{"f:theirs":{} },"f:annotations":{"f:theirs":{} } } } }]
                    """)!.AsArray(),
            },
        };
    }

    private static SortedDictionary<string, byte[]?> Data(params (string Key, string Value)[] items) =>
        new(items.ToDictionary(item => item.Key, item => (byte[]?)Encoding.UTF8.GetBytes(item.Value)), StringComparer.Ordinal);
}
