using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class UnsealerTests : IDisposable
{
    private readonly KeyRing ring = Keys.Ring(1);

    public void Dispose() => ring.Dispose();

    [Fact]
    public void Template_metadata_reaches_the_secret_but_name_namespace_and_owner_are_those_of_the_sealed_secret()
    {
        var sealedSecret = Sealed().WithMetadata(metadata => metadata with { Uid = "u-1" }).WithTemplate(template => template with
        {
            Type = "kubernetes.io/basic-auth",
            Immutable = true,
            Metadata = new ObjectMeta
            {
                Name = "other",
                Namespace = "elsewhere",
                Labels = new(StringComparer.Ordinal) { ["app"] = "db" },
                OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "o", Uid = "x" }],
            },
        });

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        var secret = result.Opened!.Secret;
        Assert.Equal(("db", "team-a", "kubernetes.io/basic-auth", true), (secret.Metadata.Name, secret.Metadata.Namespace, secret.Type, secret.Immutable));
        Assert.Equal("db", secret.Metadata.Labels!["app"]);
        Assert.Equal(
            [new OwnerReference { ApiVersion = "bitnami.com/v1alpha1", Kind = "SealedSecret", Name = "db", Uid = "u-1", Controller = true }],
            secret.Metadata.OwnerReferences!);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("True", true)]
    public void Skipping_the_owner_needs_exactly_the_word_true_in_the_template(string value, bool owned)
    {
        var sealedSecret = Sealed().WithTemplate(template => template with
        {
            Metadata = new ObjectMeta { Annotations = new(StringComparer.Ordinal) { [SealedSecretAnnotations.SkipSetOwnerReferences] = value } },
        });
        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);
        Assert.Equal(owned, result.Opened!.Secret.Metadata.OwnerReferences is not null);
    }

    [Fact]
    public void An_object_without_template_opens_to_a_secret_without_type()
    {
        var sealedSecret = Sealed();
        using var result = Unsealer.Unseal(sealedSecret with { Spec = sealedSecret.Spec with { Template = null } }, ring, UnsealOptions.Default);
        Assert.Null(result.Opened!.Secret.Type);
        Assert.Equal("v", result.Opened.Text("k"));
    }

    [Fact]
    public void One_bad_item_fails_the_object_and_messages_group_items_in_order()
    {
        var sealedSecret = Samples.Seal(Samples.Secret(("good", "v")), ring.Current!);
        foreach (var name in new[] { "z", "b", "a" }) sealedSecret = sealedSecret.WithItem(name, "AAA=");
        sealedSecret = sealedSecret.WithItem("c", "!");

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.Null(result.Opened);
        Assert.Equal("illegal base64 data at input byte 0 (c)\nno key could decrypt secret (a, b, z)", result.Failure!.Message);
        Assert.Equal(["a", "b", "c", "z"], result.Failure.Items.Keys);
        Assert.False(result.Failure.AnotherKeyMayHelp);
    }

    [Fact]
    public void Another_key_may_help_only_when_no_key_matches()
    {
        using var stranger = Keys.Of(1);
        using var result = Unsealer.Unseal(Samples.Seal(Samples.Secret(("k", "v")), stranger), ring, UnsealOptions.Default);
        Assert.Equal(UnsealFailureKind.NoKeyMatches, result.Failure?.Kind);
        Assert.True(result.Failure!.AnotherKeyMayHelp);
    }

    [Fact]
    public void A_ring_without_keys_says_so()
    {
        using var result = Unsealer.Unseal(Sealed(), KeyRing.Empty, UnsealOptions.Default);
        Assert.Equal("no key could decrypt secret (k)", result.Failure?.Message);
        Assert.Equal("there is no sealing key (k)", result.Failure?.Explanation);
    }

    [Theory]
    [InlineData(SealingScope.Strict, SealingScope.NamespaceWide)]
    [InlineData(SealingScope.Strict, SealingScope.ClusterWide)]
    [InlineData(SealingScope.NamespaceWide, SealingScope.Strict)]
    [InlineData(SealingScope.NamespaceWide, SealingScope.ClusterWide)]
    [InlineData(SealingScope.ClusterWide, SealingScope.Strict)]
    [InlineData(SealingScope.ClusterWide, SealingScope.NamespaceWide)]
    public void A_value_of_another_scope_is_told_with_both_scopes(SealingScope sealedFor, SealingScope declared)
    {
        var sealedSecret = Samples.Seal(Samples.Secret(sealedFor, ("k", "v")), ring.Current!)
            .WithMetadata(metadata => SealingScopes.Annotate(metadata, declared));

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.Equal(UnsealFailureKind.WrongScope, result.Failure?.Kind);
        Assert.Contains($"sealed {SealingScopes.Name(sealedFor)}", result.Failure!.Explanation, StringComparison.Ordinal);
        Assert.Contains($"say {SealingScopes.Name(declared)}", result.Failure.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_renamed_object_names_the_place_it_was_sealed_for()
    {
        var renamed = Sealed().WithMetadata(metadata => metadata with { Name = "db2" });
        using var result = Unsealer.Unseal(renamed, ring, UnsealOptions.Default);
        Assert.Equal(UnsealFailureKind.WrongName, result.Failure?.Kind);
        Assert.Equal("it is sealed for team-a/db (k)", result.Failure?.Explanation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Told_to_stop_it_tries_no_key(int parallelism)
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2"), ("c", "3")), ring.Current!);
        var options = UnsealOptions.Default with { Parallelism = parallelism, CancellationToken = stopped.Token };
        Assert.Throws<OperationCanceledException>(() => Unsealer.Unseal(sealedSecret, ring, options).Dispose());
        Assert.Throws<OperationCanceledException>(() => Resealer.Reseal(sealedSecret, ring, ring.Current!.Certificate!, hint: false, options));
    }

    [Fact]
    public void An_object_costs_no_more_private_operations_than_it_may()
    {
        using var many = Keys.Ring(20);
        using var stranger = Keys.Of(20);
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2"), ("c", "3")), stranger);
        var options = UnsealOptions.Default with { MaxPrivateOperations = 30, Parallelism = 1 };

        using var opened = Unsealer.Unseal(sealedSecret, many, options);
        var resealed = Resealer.Reseal(sealedSecret, many, many.Current!.Certificate!, hint: false, options);

        Assert.Equal((UnsealFailureKind.TooCostly, 30), (opened.Failure?.Kind, opened.PrivateOperations));
        Assert.Equal((UnsealFailureKind.TooCostly, 30), (resealed.Failure?.Kind, resealed.PrivateOperations));
        Assert.Equal("opening it takes more than 30 tries of a key; 20 keys are in use", opened.Failure!.Message);
    }

    [Fact]
    public void Finding_out_why_costs_no_more_operations_than_allowed()
    {
        using var many = Keys.Ring(20);
        using var stranger = Keys.Of(20);
        var sealedSecret = Samples.Seal(Samples.Secret(("a", "1"), ("b", "2"), ("c", "3")), stranger);

        using var bounded = Unsealer.Unseal(sealedSecret, many, UnsealOptions.Default with { DiagnosisOperations = 5 });
        using var none = Unsealer.Unseal(sealedSecret, many, UnsealOptions.Default with { DiagnosisOperations = 0 });

        Assert.Equal((3 * 20) + 5, bounded.PrivateOperations);
        Assert.Equal(3 * 20, none.PrivateOperations);
        Assert.Equal(UnsealFailureKind.NoKeyMatches, bounded.Failure?.Kind);
    }

    [Fact]
    public void Legacy_data_beside_encrypted_items_is_refused()
    {
        var sealedSecret = Sealed();
        using var result = Unsealer.Unseal(sealedSecret with { Spec = sealedSecret.Spec with { Data = "AAAA" } }, ring, UnsealOptions.Default);
        Assert.Equal(UnsealFailureKind.ConflictingData, result.Failure?.Kind);
        Assert.Equal("cannot use the field 'encryptedData' and the deprecated field 'data' at the same time", result.Failure?.Message);
    }

    [Theory]
    [InlineData("not json at all, but hunter2")]
    [InlineData("{\"data\":{\"k\":\"hunter2!\"}}")]
    [InlineData("null")]
    public void Legacy_data_that_is_no_secret_is_refused_without_quoting_it(string plaintext)
    {
        var item = Sealer.SealItem(Encoding.UTF8.GetBytes(plaintext), SealingScope.Strict, "team-a", "db", ring.Current!.Certificate!);
        var legacy = new SealedSecret { Metadata = new() { Name = "db", Namespace = "team-a" }, Spec = new() { Data = item } };
        using var result = Unsealer.Unseal(legacy, ring, UnsealOptions.Default);
        Assert.Equal(UnsealFailureKind.Malformed, result.Failure?.Kind);
        Assert.DoesNotContain("hunter2", result.Failure!.Message + result.Failure.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Plaintext_is_zeroed_when_the_result_is_disposed()
    {
        var result = Unsealer.Unseal(Sealed(), ring, UnsealOptions.Default);
        var value = result.Opened!.Secret.Data!["k"]!;
        Assert.Equal("v"u8.ToArray(), value);
        result.Dispose();
        Assert.Equal(new byte[1], value);
    }

    [Fact]
    public void Nothing_that_holds_a_secret_prints_it()
    {
        using var result = Unsealer.Unseal(Samples.Seal(Samples.Secret(("k", "hunter2")), ring.Current!), ring, UnsealOptions.Default);
        var printed = $"{result} {result.Opened} {result.Opened!.Secret} {ring} {ring.Current} {ring.Current!.PrivateKey} {ring.Current.Certificate}";
        Assert.DoesNotContain("hunter2", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"metadata\":null,\"spec\":null}")]
    public void An_object_without_metadata_or_spec_is_an_empty_one(string json)
    {
        var sealedSecret = JsonSerializer.Deserialize(json, ApiJson.Compact.SealedSecret)!;
        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);
        Assert.Empty(result.Opened!.Secret.Data!);
        Assert.Null(Resealer.Reseal(sealedSecret, ring, ring.Current!.Certificate!, hint: true, UnsealOptions.Default).Failure);
    }

    private SealedSecret Sealed() => Samples.Seal(Samples.Secret(("k", "v")), ring.Current!);
}
