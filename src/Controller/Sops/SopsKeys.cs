using System.Security.Cryptography;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>Private keys from one place, and what of that place was of no use.</summary>
/// <param name="Keyring"><c>null</c> when there is no key.</param>
/// <param name="Problems">Items that could not be taken and why, for whoever asks why nothing opens. Names, never contents.</param>
/// <param name="Services">Made for this keyring, and to be ended with it.</param>
internal sealed record SopsKeys(SopsKeyring? Keyring, IReadOnlyList<string> Problems, IReadOnlyList<IDisposable> Services) : IDisposable
{
    public static SopsKeys None { get; } = new(null, [], []);

    /// <summary>
    /// The keys of a Secret, whatever its items are called: Flux takes <c>*.agekey</c> and <c>*.asc</c> alone and says nothing about the rest, which has
    /// cost people days. What is no key is told.
    /// </summary>
    /// <param name="secret">Its items are overwritten.</param>
    /// <param name="services">For items that are credentials of services.</param>
    public static SopsKeys Of(Secret secret, SopsRemoteKeys services)
    {
        var source = $"Secret {secret.Metadata.Namespace}/{secret.Metadata.Name}";
        var credentials = SopsRemoteKeys.TakeCredentials(secret);
        var sources = services.OfTenant(credentials);
        var keys = Of(secret.Data ?? [], source, sources);
        return keys with { Problems = [.. keys.Problems, .. SopsRemoteKeys.Unknown(credentials).Select(item => $"{source}, {item}: there is no key service of this name")], Services = sources };
    }

    /// <param name="files">Contents by name; overwritten.</param>
    /// <param name="source">For messages.</param>
    /// <param name="services">Tried after the keys.</param>
    public static SopsKeys Of(IReadOnlyDictionary<string, byte[]?> files, string source, IReadOnlyList<IDataKeySource> services)
    {
        var builder = new SopsKeyringBuilder();
        var problems = new List<string>();
        var found = services.Count;
        foreach (var (name, content) in files)
        {
            try
            {
                builder.AddFile(content ?? []);
                found++;
            }
            catch (Exception failure) when (failure is AgeException or SopsException or FormatException)
            {
                problems.Add($"{source}, {name}: {(failure is FormatException ? "not a key" : failure.Message)}");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(content);
            }
        }
        foreach (var service in services) builder.Add(service);
        return new SopsKeys(found > 0 ? builder.Build() : null, problems, []);
    }

    public void Dispose()
    {
        foreach (var service in Services) service.Dispose();
    }

    public override string ToString() => nameof(SopsKeys);
}
