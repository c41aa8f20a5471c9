using System.Text;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>Whole SOPS files whose data key AWS KMS wraps: the same facts on the simulator and on an emulator that others wrote.</summary>
public abstract class AwsKmsBehaviourTests : IAsyncLifetime
{
    private const string Text = "password: of the test\n";
    private const string Role = "arn:aws:iam::123456789012:role/sops";
    private readonly CallLog calls = new();
    private Uri address = null!;

    private protected static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        address = await StartAsync();
        Allow(Role);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_file_is_sealed_opened_and_given_a_new_data_key(bool withContext, bool withRole)
    {
        var key = KeyOf(await CreateKeyAsync("eu-west-1"), withContext ? "shop" : null, withRole ? Role : null);
        var file = await SealAsync(key);
        Assert.Equal(Text, await OpenAsync(file));
        using var open = await file.OpenAsync(Keyring(), MacCheck.Required, null, Ending);
        var rotated = Written(await open.RotateAsync(Keyring(), TimeProvider.System, Ending));
        Assert.NotEqual(WrappedIn(file).Wrapped, WrappedIn(rotated).Wrapped);
        Assert.Equal(Text, await OpenAsync(rotated));
        Assert.Equal(withRole, calls.Calls.Any(call => call is { Provider: "AWS/STS", Operation: "AssumeRole" }));
    }

    [Fact]
    public async Task Keys_of_two_regions_open_a_file_each_for_itself()
    {
        var (near, far) = (await CreateKeyAsync("eu-west-1"), await CreateKeyAsync("eu-central-1"));
        var file = await SealAsync(KeyOf(near), KeyOf(far));
        Assert.Equal(Text, await OpenAsync(Changed(file, near, Absent())));
        Assert.Equal(Text, await OpenAsync(Changed(file, far, Absent())));
    }

    [Fact]
    public async Task Another_encryption_context_opens_nothing()
    {
        var arn = await CreateKeyAsync("eu-west-1");
        var file = await SealAsync(KeyOf(arn, "shop"));
        var changed = Changed(file, "app: shop", "app: bank");
        await RefusedAsync(arn, "InvalidCiphertextException", () => OpenAsync(changed));
    }

    [Fact]
    public async Task What_another_key_wrapped_is_not_opened_with_this_one()
    {
        var (first, second) = (await CreateKeyAsync("eu-west-1"), await CreateKeyAsync("eu-west-1"));
        var file = await SealAsync(KeyOf(first));
        var changed = Changed(file, first, second);
        await RefusedAsync(second, "asked to Decrypt", () => OpenAsync(changed));
    }

    [Fact]
    public async Task A_key_that_does_not_exist_is_named()
    {
        var arn = Absent();
        await RefusedAsync(arn, "NotFoundException", () => SealAsync(KeyOf(arn)));
        var file = await SealAsync(KeyOf(await CreateKeyAsync("eu-west-1")));
        var changed = Changed(file, WrappedIn(file).Field("arn"), arn);
        await RefusedAsync(arn, "NotFoundException", () => OpenAsync(changed));
    }

    private protected abstract Task<Uri> StartAsync();

    /// <returns>The ARN of a new key.</returns>
    private protected abstract Task<string> CreateKeyAsync(string region);

    /// <summary>Lets a role be assumed, where somebody looks.</summary>
    private protected virtual void Allow(string role)
    {
    }

    private protected static MasterKey KeyOf(string arn, string? app = null, string? role = null)
    {
        var key = MasterKeyText.AwsKms(role is null ? arn : $"{arn}+{role}", "");
        if (app is null) return key;
        var context = new MapNode();
        context.Add("app", ScalarNode.Text(app));
        key.Fields.Add("context", context);
        return key;
    }

    private protected async Task<SopsFile> SealAsync(params MasterKey[] keys)
    {
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(Text), SopsFormat.Yaml);
        return Written(await SopsFile.SealAsync(plain, new SealingOptions([new KeyGroup(keys)]), Keyring(), TimeProvider.System, Ending));
    }

    private protected async Task<string> OpenAsync(SopsFile file)
    {
        using var open = await file.OpenAsync(Keyring(), MacCheck.Required, null, Ending);
        return Encoding.UTF8.GetString(open.Plain.ToBytes());
    }

    /// <summary>Whoever reads it knows which key it was, and nothing that was to stay secret.</summary>
    private protected static async Task RefusedAsync(string arn, string reason, Func<Task> action)
    {
        var failure = await Assert.ThrowsAsync<SopsException>(action);
        Assert.Contains(arn, failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("of the test", failure.ToString(), StringComparison.Ordinal);
    }

    private static string Absent() => $"arn:aws:kms:eu-west-1:123456789012:key/{Guid.NewGuid()}";

    private static MasterKey WrappedIn(SopsFile file) => file.Metadata.KeyGroups[0].Keys[0];

    private static SopsFile Changed(SopsFile file, string old, string by)
    {
        var text = Encoding.UTF8.GetString(file.ToBytes());
        Assert.Contains(old, text, StringComparison.Ordinal);
        return SopsFile.Parse(Encoding.UTF8.GetBytes(text.Replace(old, by, StringComparison.Ordinal)), SopsFormat.Yaml);
    }

    // What counts is what stands in a file afterwards.
    private static SopsFile Written(SopsFile file) => SopsFile.Parse(file.ToBytes(), SopsFormat.Yaml);

    private SopsKeyring Keyring()
    {
        var credentials = new KeyServiceCredentials
        {
            Variables = new Dictionary<string, string> { ["AWS_ENDPOINT_URL"] = address.ToString(), ["AWS_ACCESS_KEY_ID"] = "AKIATEST", ["AWS_SECRET_ACCESS_KEY"] = "secret-of-the-test" },
            MayUseSurroundings = true,
        };
        var context = new KeyServiceContext(credentials, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), calls, TimeProvider.System);
        return new SopsKeyringBuilder().Add(KeyServiceCatalog.All.Single(kind => kind.Name == MasterKeyKind.AwsKms).Source(() => context)).Build();
    }
}
