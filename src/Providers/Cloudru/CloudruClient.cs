using System.Globalization;
using GitOpsSecrets.Providers.Grpc;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>The calls of Cloud.ru Secret Manager that reading takes, of one project; their messages as the vendor's open SDK has them (github.com/cloudru-tech/secret-manager-sdk).</summary>
internal sealed class CloudruClient(GrpcSession session, CloudruDiscovery discovery, string project)
{
    private const string Service = "/cloud.csm.core.v2.SecretService/";
    private const string Latest = "latest";

    /// <summary>A secret's value, by its id or its path; the caller's to zero, null where it is not there.</summary>
    /// <param name="version">A number; null is the newest.</param>
    public async Task<byte[]?> AccessAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var newest = string.IsNullOrEmpty(version) || version == Latest;
        // The first version of the interface takes ids, the second paths.
        if (Guid.TryParse(key, out _)) return await AccessAsync("/sbercloud.secretmanager.v1.SecretManagerService/AccessSecretVersion", message => message.Text(1, key).Text(2, newest ? Latest : version), 1, cancellationToken).ConfigureAwait(false);
        var number = 0;
        if (!newest && !int.TryParse(version, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) throw new ProviderException(ProviderFailureKind.Invalid, "invalid secret version: should be a valid int32 value or 'latest' keyword");
        return await AccessAsync(Service + "Access", message => Versioned(message.Text(1, project).Text(2, key), newest, number), 3, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ids and paths of the secrets that match all that is asked.</summary>
    public async Task<IReadOnlyList<(string Id, string Path)>> SearchAsync(FindRequest request, CancellationToken cancellationToken)
    {
        const int AllFolders = -1;
        var servers = await discovery.ServersAsync(cancellationToken).ConfigureAwait(false);
        var call = new GrpcCall(servers.SecretManager, Service + "Search", "Search", message =>
        {
            message.Text(1, project).Text(2, request.Path).Number(3, AllFolders);
            foreach (var (tag, value) in request.Tags) message.Entry(10, tag, value);
            message.Text(11, request.Name);
        });
        using var answer = await session.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return [.. answer.Message.List(1).Select(secret => ProtoMessage.Read(secret) ?? throw Foreign("Search")).Select(secret => (secret.Text(1), secret.Text(10)))];
    }

    private static void Versioned(ProtoWriter message, bool isNewest, int number)
    {
        if (!isNewest) message.Present(3, number);
    }

    /// <param name="field">Of the answer: the value, wrapped in a message of its own.</param>
    private async Task<byte[]?> AccessAsync(string method, Action<ProtoWriter> write, int field, CancellationToken cancellationToken)
    {
        var servers = await discovery.ServersAsync(cancellationToken).ConfigureAwait(false);
        var call = new GrpcCall(servers.SecretManager, method, "Access", write) { Tolerated = [GrpcStatus.NotFound] };
        using var answer = await session.SendAsync(call, cancellationToken).ConfigureAwait(false);
        if (answer.Status == GrpcStatus.NotFound) return null;
        if (!answer.Message.Has(field) || ProtoMessage.Read(answer.Message.Bytes(field)) is not { } wrapped) throw Foreign("Access");
        return wrapped.Bytes(1).ToArray();
    }

    private static ProviderException Foreign(string operation) => new(ProviderFailureKind.Invalid, $"what answered in the place of Cloud.ru, asked to {operation}, did not answer as it does");
}
