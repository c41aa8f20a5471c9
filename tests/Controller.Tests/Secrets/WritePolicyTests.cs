using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Tests.Secrets;

public sealed class WritePolicyTests
{
    private const string Uid = "11111111-1111-1111-1111-111111111111";

    /// <summary>The ordered list of checks, each row the first one that a Secret meets.</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        { "nothing there", "Create", "" },
        { "somebody else's", "Refuse", "Resource \"db\" already exists and is not managed by SealedSecret" },
        { "controlled by a former namesake", "Refuse", "Resource \"db\" already exists and is not managed by SealedSecret" },
        { "somebody else's, the same", "Refuse", "Resource \"db\" already exists and is not managed by SealedSecret" },
        { "ours, the same", "Nothing", "" },
        { "ours, immutable, the same", "Nothing", "" },
        { "ours, of another type", "Refuse", "the target Secret has type \"kubernetes.io/tls\"" },
        { "ours, immutable, other items", "Refuse", "the target Secret is immutable. Once a Secret is marked as immutable, it is not possible to revert" },
        { "ours, immutable, other labels", "Update", "" },
        { "ours, other items", "Update", "" },
        { "managed", "Update", "" },
        { "patch", "Update", "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_finding_decides(string found, string action, string message)
    {
        var decision = new WritePolicy(Draft(), Existing(found), sourceChanged: true).Decide();
        Assert.Equal(action, decision.Action.ToString());
        Assert.Contains(message, decision.Refusal?.Event ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Managed_is_replaced_as_a_whole_and_owned()
    {
        var next = new WritePolicy(Draft(), Existing("managed"), sourceChanged: true).Decide().Secret!;
        Assert.Equal(["password"], next.Data!.Keys);
        Assert.Null(next.Metadata.Annotations);
        Assert.Equal(["team"], next.Metadata.Labels!.Keys);
        Assert.Equal(Uid, Assert.Single(next.Metadata.OwnerReferences!).Uid);
        Assert.Equal("7", next.Metadata.ResourceVersion);
    }

    [Fact]
    public void What_an_ExternalSecret_merges_in_stays_until_the_source_changes_and_what_anybody_else_adds_goes()
    {
        var there = There(Uid);
        var fields = JsonNode.Parse("""{"f:data": {"f:other": {}}}""");
        JsonObject Entry(string manager) => new() { ["manager"] = manager, ["operation"] = "Update", ["fieldsV1"] = fields!.DeepClone() };
        var merged = there with { Metadata = there.Metadata with { ManagedFields = [Entry("externalsecrets.external-secrets.io/db")] } };
        Assert.Equal(["other", "password"], new WritePolicy(Draft(), merged, sourceChanged: false).Decide().Secret!.Data!.Keys);
        Assert.Equal(["password"], new WritePolicy(Draft(), merged, sourceChanged: true).Decide().Secret!.Data!.Keys);
        var foreign = there with { Metadata = there.Metadata with { ManagedFields = [Entry("kubectl-edit")] } };
        Assert.Equal(["password"], new WritePolicy(Draft(), foreign, sourceChanged: false).Decide().Secret!.Data!.Keys);
    }

    [Fact]
    public void Patch_merges_and_owns_nothing()
    {
        var next = new WritePolicy(Draft(), Existing("patch"), sourceChanged: true).Decide().Secret!;
        Assert.Equal(["other", "password"], next.Data!.Keys);
        Assert.Equal("right", Encoding.UTF8.GetString(next.Data["password"]!));
        Assert.True(next.Metadata.HasTrueAnnotation(SealedSecretAnnotations.Patch));
        Assert.Null(next.Metadata.OwnerReferences);
    }

    [Fact]
    public void Patch_and_managed_merges_and_owns()
    {
        var existing = Existing("patch")!;
        existing.Metadata.Annotations![SealedSecretAnnotations.Managed] = "true";
        var next = new WritePolicy(Draft(), existing, sourceChanged: true).Decide().Secret!;
        Assert.Equal(["other", "password"], next.Data!.Keys);
        Assert.Equal(Uid, Assert.Single(next.Metadata.OwnerReferences!).Uid);
    }

    [Fact]
    public void Labels_added_by_others_stay_until_the_source_changes()
    {
        var existing = Existing("ours, the same")!;
        existing.Metadata.Labels!["added"] = "by-somebody";
        Assert.Equal(WriteAction.Nothing, new WritePolicy(Draft(), existing, sourceChanged: false).Decide().Action);
        var next = new WritePolicy(Draft(), existing, sourceChanged: true).Decide().Secret!;
        Assert.Equal(["team"], next.Metadata.Labels!.Keys);
    }

    [Fact]
    public void Items_added_by_others_go_at_once()
    {
        var existing = Existing("ours, the same")!;
        existing.Data!["added"] = [1];
        Assert.Equal(["password"], new WritePolicy(Draft(), existing, sourceChanged: false).Decide().Secret!.Data!.Keys);
    }

    /// <summary>Whether the item "token" stays: filled in for the account of the template, for another, or put there by an earlier version of the SealedSecret.</summary>
    [Theory]
    [InlineData("robot", "kube-controller-manager", true)]
    [InlineData("other", "kube-controller-manager", false)]
    [InlineData("robot", WritePolicy.SealedFieldManager, false)]
    public void What_the_token_controller_fills_in_stays(string account, string manager, bool stays)
    {
        const string Type = "kubernetes.io/service-account-token";
        const string Account = "kubernetes.io/service-account.name";
        var wanted = Wanted(Owner(Uid));
        wanted = wanted with { Type = Type, Metadata = wanted.Metadata with { Annotations = new(StringComparer.Ordinal) { [Account] = "robot" } } };
        var there = wanted with
        {
            Data = new(StringComparer.Ordinal) { ["password"] = "right"u8.ToArray(), ["token"] = [1], ["added"] = [2] },
            Metadata = wanted.Metadata with
            {
                Annotations = new(StringComparer.Ordinal) { [Account] = account, ["kubernetes.io/service-account.uid"] = "5" },
                Labels = new(StringComparer.Ordinal) { ["team"] = "a", ["kubernetes.io/legacy-token-last-used"] = "2026-11-30", ["old"] = "label" },
                ManagedFields = [new JsonObject { ["manager"] = manager, ["fieldsV1"] = new JsonObject { ["f:data"] = new JsonObject { ["f:token"] = new JsonObject() } } }],
            },
        };
        foreach (var sourceChanged in new[] { false, true })
        {
            var next = new WritePolicy(new SecretDraft(wanted, Uid, "SealedSecret"), there, sourceChanged).Decide().Secret!;
            Assert.Equal(stays ? ["password", "token"] : ["password"], next.Data!.Keys);
            if (!sourceChanged) continue;
            string[] labels = ["kubernetes.io/legacy-token-last-used", "team"], annotations = [Account, "kubernetes.io/service-account.uid"];
            Assert.Equal(account == "robot" ? labels : ["team"], next.Metadata.Labels!.Keys);
            Assert.Equal(account == "robot" ? annotations : [Account], next.Metadata.Annotations!.Keys);
        }
    }

    [Fact]
    public void Without_owner_reference_our_own_Secret_is_known_by_its_annotation()
    {
        var existing = Existing("somebody else's")!;
        Assert.Equal(WriteAction.Refuse, new WritePolicy(Ownerless(), existing, sourceChanged: true).Decide().Action);
        existing.Metadata.Annotations![SealedSecretAnnotations.SkipSetOwnerReferences] = "true";
        Assert.Equal(WriteAction.Update, new WritePolicy(Ownerless(), existing, sourceChanged: true).Decide().Action);
    }

    [Fact]
    public void Without_owner_reference_our_own_Secret_is_known_by_the_field_manager_of_SealedSecrets()
    {
        var existing = Written(WritePolicy.SealedFieldManager);
        Assert.Equal(WriteAction.Update, new WritePolicy(Ownerless(), existing, sourceChanged: true).Decide().Action);
        Assert.Equal(WriteAction.Refuse, new WritePolicy(Draft(), existing, sourceChanged: true).Decide().Action);
    }

    /// <summary>The last column: whether a SealedSecret without owner may go on with it.</summary>
    [Theory]
    [InlineData(WritePolicy.FieldManager, "f:data", "", true)]
    [InlineData(WritePolicy.FieldManager, "f:metadata", "", false)]
    [InlineData(WritePolicy.PatchFieldManager, "f:data", "", false)]
    [InlineData(WritePolicy.FieldManager, "f:data", "label sealedsecrets.bitnami.com/sealed-secrets-key", false)]
    [InlineData(WritePolicy.SealedFieldManager, "f:data", "label sealedsecrets.bitnami.com/sealed-secrets-key", false)]
    [InlineData(WritePolicy.SealedFieldManager, "f:data", "marked, label sealedsecrets.bitnami.com/sealed-secrets-key", false)]
    [InlineData(WritePolicy.FieldManager, "f:data", "label reconcile.external-secrets.io/managed", false)]
    [InlineData(WritePolicy.FieldManager, "f:data", "label external-secrets.io/component", false)]
    [InlineData(WritePolicy.FieldManager, "f:data", "controlled", false)]
    [InlineData(WritePolicy.SealedFieldManager, "f:data", "controlled", false)]
    [InlineData(WritePolicy.SealedFieldManager, "f:data", "marked, controlled", false)]
    [InlineData(WritePolicy.SealedFieldManager, "f:data", "marked, reserved", false)]
    [InlineData(WritePolicy.SealedFieldManager, "f:data", "marked, controlled, named by the template", true)]
    [InlineData(WritePolicy.FieldManager, "f:data", "controlled, named by the template", false)]
    public void A_Secret_is_taken_for_ours_only_when_a_SealedSecret_wrote_it_and_nobody_else_has_it(string manager, string fields, string also, bool isOurs)
    {
        var existing = Written(manager, fields);
        var owner = Owner("33333333-3333-3333-3333-333333333333") with { Kind = "SopsSecret", ApiVersion = "isindir.github.com/v1alpha3" };
        if (also.Contains("label", StringComparison.Ordinal)) existing.Metadata.Labels![also.Split(' ')[^1]] = "true";
        if (also.Contains("marked", StringComparison.Ordinal)) existing.Metadata.Annotations![SealedSecretAnnotations.SkipSetOwnerReferences] = "true";
        if (also.Contains("controlled", StringComparison.Ordinal)) existing = existing with { Metadata = existing.Metadata with { OwnerReferences = [owner] } };
        var wanted = Wanted(also.Contains("named", StringComparison.Ordinal) ? owner : null);
        var draft = new SecretDraft(wanted, Uid, "SealedSecret") { Reserved = new HashSet<string>(also.Contains("reserved", StringComparison.Ordinal) ? ["shop/db"] : []) };
        Assert.Equal(isOurs ? WriteAction.Update : WriteAction.Refuse, new WritePolicy(draft, existing, sourceChanged: true).Decide().Action);
    }

    /// <summary>Who stands in the template may change, and the API server may have been told less of it than the template says.</summary>
    [Fact]
    public void An_owner_that_the_template_named_before_is_nobody_elses_claim()
    {
        var before = Owner("33333333-3333-3333-3333-333333333333") with { Kind = "Deployment", ApiVersion = "apps/v1" };
        var existing = Written(WritePolicy.SealedFieldManager, "f:data");
        existing = existing with { Metadata = existing.Metadata with { OwnerReferences = [before] } };
        Assert.Equal(WriteAction.Refuse, new WritePolicy(Ownerless(), existing, sourceChanged: true).Decide().Action);
        existing.Metadata.ManagedFields![0]!["fieldsV1"]!["f:metadata"] = new JsonObject { ["f:ownerReferences"] = new JsonObject { [$$"""k:{"uid":"{{before.Uid}}"}"""] = new JsonObject() } };
        Assert.Equal(WriteAction.Update, new WritePolicy(Ownerless(), existing, sourceChanged: true).Decide().Action);
        var named = new SecretDraft(Wanted(before with { BlockOwnerDeletion = true }), Uid, "SealedSecret");
        existing.Metadata.ManagedFields![0]!["fieldsV1"]!.AsObject().Remove("f:metadata");
        Assert.Equal(WriteAction.Update, new WritePolicy(named, existing, sourceChanged: true).Decide().Action);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("key", false)]
    [InlineData("reserved", false)]
    [InlineData("bitnami.com/v1alpha1 SealedSecret", false)]
    [InlineData("external-secrets.io/v1 ExternalSecret", false)]
    [InlineData("isindir.github.com/v1alpha3 SopsSecret", true)]
    [InlineData("example.com/v1 SealedSecret", true)]
    public void Who_takes_over_whatever_has_its_name_takes_no_sealing_key_and_no_Secret_of_a_SealedSecret_or_ExternalSecret(string found, bool isTaken)
    {
        var existing = There(owner: null);
        if (found == "key") existing.Metadata.Labels![SealedSecretAnnotations.SealingKeyLabel] = "retired";
        if (found.Split(' ') is [var apiVersion, var kind]) existing = There(Uid) with { Metadata = There(Uid).Metadata with { OwnerReferences = [new OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = "db", Uid = "44444444-4444-4444-4444-444444444444", Controller = true }] } };
        var draft = new SecretDraft(Wanted(Owner(Uid) with { Kind = "SopsSecret" }), Uid, "SopsSecret") { TakesOver = true, Reserved = new HashSet<string>(found == "reserved" ? ["shop/db"] : []) };
        Assert.Equal(isTaken ? WriteAction.Update : WriteAction.Refuse, new WritePolicy(draft, existing, sourceChanged: true).Decide().Action);
    }

    [Fact]
    public void One_that_was_made_without_owner_reference_says_how_to_have_it_owned_again()
    {
        var existing = Existing("somebody else's")!;
        existing.Metadata.Annotations![SealedSecretAnnotations.SkipSetOwnerReferences] = "true";
        var refusal = new WritePolicy(Draft(), existing, sourceChanged: true).Decide().Refusal!;
        Assert.Equal("Resource \"db\" already exists and is not managed by SealedSecret", refusal.Event);
        Assert.Equal($"failed update: {refusal.Event}; it was made with sealedsecrets.bitnami.com/skip-set-owner-references: annotate the Secret with sealedsecrets.bitnami.com/managed=true to have it taken over", refusal.Message);
    }

    [Fact]
    public void A_missing_type_means_Opaque()
    {
        var decision = new WritePolicy(Draft(type: null), Existing("ours, the same"), sourceChanged: true).Decide();
        Assert.Equal(WriteAction.Nothing, decision.Action);
    }

    [Fact]
    public void Immutability_can_be_switched_on_later()
    {
        var next = new WritePolicy(Draft(immutable: true), Existing("ours, the same"), sourceChanged: true).Decide();
        Assert.Equal((WriteAction.Update, true), (next.Action, next.Secret!.Immutable));
    }

    private static Secret? Existing(string found) => found switch
    {
        "nothing there" => null,
        "somebody else's" => There(owner: null),
        "controlled by a former namesake" => There(owner: "22222222-2222-2222-2222-222222222222"),
        "somebody else's, the same" => Right(There(owner: null)),
        "ours, the same" => Right(There(Uid)),
        "ours, immutable, the same" => Right(There(Uid)) with { Immutable = true },
        "ours, of another type" => There(Uid) with { Type = "kubernetes.io/tls" },
        "ours, immutable, other items" => There(Uid) with { Immutable = true },
        "ours, immutable, other labels" => Right(There(Uid)) with { Immutable = true, Metadata = There(Uid).Metadata },
        "ours, other items" => There(Uid),
        "managed" => There(owner: null, SealedSecretAnnotations.Managed),
        "patch" => There(owner: null, SealedSecretAnnotations.Patch),
        _ => throw new ArgumentOutOfRangeException(nameof(found)),
    };

    private static Secret Written(string manager, string fields = "f:data")
    {
        var there = There(owner: null);
        var entry = new JsonObject { ["manager"] = manager, ["operation"] = "Update", ["fieldsV1"] = new JsonObject { [fields] = new JsonObject() } };
        return there with { Metadata = there.Metadata with { ManagedFields = [entry] } };
    }

    private static Secret There(string? owner, string? annotation = null) => new()
    {
        Metadata = new ObjectMeta
        {
            Namespace = "shop",
            Name = "db",
            ResourceVersion = "7",
            Labels = new(StringComparer.Ordinal) { ["old"] = "label" },
            Annotations = new(StringComparer.Ordinal) { [annotation ?? "old"] = "true" },
            OwnerReferences = owner is null ? null : [Owner(owner)],
        },
        Type = "Opaque",
        Data = new(StringComparer.Ordinal) { ["password"] = "wrong"u8.ToArray(), ["other"] = "there"u8.ToArray() },
    };

    private static Secret Right(Secret secret) => secret with
    {
        Metadata = secret.Metadata with { Labels = new(StringComparer.Ordinal) { ["team"] = "a" }, Annotations = null },
        Data = new(StringComparer.Ordinal) { ["password"] = "right"u8.ToArray() },
    };

    private static SecretDraft Draft(string? type = "Opaque", bool? immutable = null) => new(Wanted(Owner(Uid)) with { Type = type, Immutable = immutable }, Uid, "SealedSecret");

    private static SecretDraft Ownerless() => new(Wanted(null), Uid, "SealedSecret");

    private static Secret Wanted(OwnerReference? owner) => new()
    {
        Metadata = new ObjectMeta
        {
            Namespace = "shop",
            Name = "db",
            Labels = new(StringComparer.Ordinal) { ["team"] = "a" },
            OwnerReferences = owner is null ? null : [owner],
        },
        Data = new(StringComparer.Ordinal) { ["password"] = "right"u8.ToArray() },
    };

    private static OwnerReference Owner(string uid) =>
        new() { ApiVersion = SealedSecret.GroupVersion, Kind = SealedSecret.SealedSecretKind, Name = "db", Uid = uid, Controller = true };
}
