using System.Globalization;
using System.Text;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Searches a store: the lists of a definition in their order, piece by piece.</summary>
internal sealed class DeclaredSearch(Definition definition, DeclaredSteps steps, DeclaredReads reads, Variables inputs)
{
    private const int MostPieces = 1_000;
    private const int MostElements = 50_000;

    public async Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        var pattern = request.ParseName();
        var found = new SecretValues();
        try
        {
            var (isAsked, isThere) = (false, false);
            foreach (var find in definition.Finds)
            {
                using var outer = new Variables(inputs);
                outer.Set("find.path", DeclaredSearchRun.PathOf(find, request));
                foreach (var tag in find.TagNames) outer.Set(DeclaredSearchRun.TagVariable(tag), request.Tags.GetValueOrDefault(tag));
                if (!find.Condition.Holds(outer)) continue;
                if (find.Before.Count > 0)
                {
                    isAsked = true;
                    using var before = await steps.RunAsync(find.Before, outer, cancellationToken).ConfigureAwait(false);
                    if (before is null) continue;
                }

                foreach (var made in EachRule.Scopes(find.Each, outer))
                {
                    using var scope = made;
                    isAsked = true;
                    isThere |= await SearchAsync(new(find, request, pattern, scope), found, cancellationToken).ConfigureAwait(false);
                }
            }

            if (isThere) return found;
            // That nothing was asked says nothing of what is there: with deletionPolicy Delete it would delete.
            if (!isAsked) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} cannot be searched with the fields that the store has");
            found.Dispose();
            return null;
        }
        catch
        {
            found.Dispose();
            throw;
        }
    }

    private void Check(FindRequest request)
    {
        List<string> understood = [.. definition.Finds.SelectMany(find => find.TagNames).Distinct(StringComparer.Ordinal)];
        if (request.Tags.Count > 0 && understood.Count == 0 && definition.Finds.All(find => find.Tags is null && find.Members?.Tags is null)) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} cannot be searched by tags");
        if (understood.Count > 0 && request.Tags.Keys.FirstOrDefault(tag => !understood.Contains(tag)) is { } unknown)
            throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} cannot be searched by the tag \"{unknown}\": it knows {string.Join(", ", understood)}");
        if (!string.IsNullOrEmpty(request.Path) && !definition.Finds.Any(find => find.UsesPath)) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title} has no paths to search in");
    }

    /// <returns>False where the store says that there is no such list.</returns>
    private async Task<bool> SearchAsync(DeclaredSearchRun run, SecretValues found, CancellationToken cancellationToken)
    {
        if (run.Find.Steps.Count > 0)
        {
            using var before = await steps.RunAsync(run.Find.Steps, run.Scope, cancellationToken).ConfigureAwait(false);
            if (before is null) return false;
        }

        if (!run.Find.IsTree) return await ListAsync(run, found, cancellationToken).ConfigureAwait(false) is not null;
        var root = run.Request.Path ?? "";
        if (root.StartsWith('/') || root.Contains("//", StringComparison.Ordinal)) throw new ProviderException(ProviderFailureKind.Invalid, $"find.path \"{root}\" cannot start with a slash or have two after each other");
        var folders = new Queue<string>([root.TrimEnd('/')]);
        for (var listed = 0; folders.TryDequeue(out var folder); listed++)
        {
            if (listed == MostPieces) throw new ProviderException(ProviderFailureKind.Invalid, $"the list of {definition.Title} has more than {MostPieces} folders");
            run.Scope.Set(FindRule.Folder, folder);
            foreach (var inner in await ListAsync(run, found, cancellationToken).ConfigureAwait(false) ?? []) folders.Enqueue(inner);
        }

        return true;
    }

    /// <returns>The folders that were listed too; null where the store says that there is no such list.</returns>
    private async Task<IReadOnlyList<string>?> ListAsync(DeclaredSearchRun run, SecretValues found, CancellationToken cancellationToken)
    {
        var folders = new List<string>();
        var (seen, paging) = (0, run.Find.Paging);
        for (var piece = 0; piece < MostPieces; piece++)
        {
            if (paging?.First is { } first) run.Scope.Set(paging.Variable, (first + (piece * paging.By)).ToString(CultureInfo.InvariantCulture));
            using var answer = await steps.RunOneAsync(run.Find.List, run.Scope, cancellationToken).ConfigureAwait(false);
            if (answer is null) return piece > 0 ? folders : null;
            var count = await AddAllAsync(run, answer, found, folders, cancellationToken).ConfigureAwait(false);
            seen += count;
            if (seen > MostElements) throw new ProviderException(ProviderFailureKind.Invalid, $"the list of {definition.Title} has more than {MostElements} elements");
            if (paging is null || !GoesOn(paging, count, answer, run.Scope)) return folders;
        }

        throw new ProviderException(ProviderFailureKind.Invalid, $"the list of {definition.Title} has more than {MostPieces} pieces");
    }

    private static bool GoesOn(PagingRule paging, int count, DeclaredAnswer answer, Variables scope)
    {
        if (paging.Next is null) return count > 0 && count >= paging.Size;
        var next = paging.IsHeader ? (answer.Headers(paging.Next) is [var first, ..] ? first : null) : NextOf(answer, paging.Next);
        if (string.IsNullOrEmpty(next) || scope.Equal(paging.Variable, next)) return false;
        scope.Set(paging.Variable, next);
        return true;
    }

    private static string? NextOf(DeclaredAnswer answer, string path)
    {
        using var next = answer.Find(path);
        return next is null or { IsNull: true } ? null : next.Text;
    }

    private async Task<int> AddAllAsync(DeclaredSearchRun run, DeclaredAnswer answer, SecretValues found, List<string> folders, CancellationToken cancellationToken)
    {
        if (run.Find.BodyAs is { } name)
        {
            found.Set(name, answer.Body.ToArray());
            return 0;
        }

        using var items = answer.Find(run.Find.Items!);
        if (run.Find.Name is null && items is { IsObject: true })
        {
            var members = JsonParts.MembersOf(items.Piece.Raw);
            foreach (var member in members) AddMember(run, Encoding.UTF8.GetString(member.Name()), member.Value, found);
            return members.Count;
        }

        // A folder with nothing in it.
        if (run.Find.IsTree && items is null or { IsNull: true }) return 0;
        if (items is null or { IsList: false } || run.Find.Name is null) throw steps.Lacks(run.Find.List.Operation, $"list at {run.Find.Items}");
        var elements = JsonParts.ElementsOf(items.Piece.Raw);
        foreach (var element in elements) await AddAsync(run, element, found, folders, cancellationToken).ConfigureAwait(false);
        return elements.Count;
    }

    private static void AddMember(DeclaredSearchRun run, string name, JsonPiece value, SecretValues found)
    {
        if (run.Wants(name)) found.Set(name, value.ToText());
    }

    private async Task AddAsync(DeclaredSearchRun run, JsonPiece element, SecretValues found, List<string> folders, CancellationToken cancellationToken)
    {
        if (run.NameOf(element) is not { } name || !run.Keeps(element) || !run.HasTags(element) || !run.IsBelow(element) || run.Yields(element, name, found)) return;
        if (run.Find.IsTree)
        {
            if (name.Length == 0 || name[0] == '/') return;
            var (isFolder, above) = (name[^1] == '/', Encoding.UTF8.GetString(run.Scope.Find(FindRule.Folder)!));
            name = (above.Length == 0 ? "" : above + "/") + name.TrimEnd('/');
            if (isFolder)
            {
                folders.Add(name);
                return;
            }
        }

        if (run.Find.Members is { } members)
        {
            if (!members.IsUnder || run.Wants(DeclaredSearchRun.LastOf(name))) await AddMembersAsync(run, members, element, name, found, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!run.Wants(element, name)) return;
        if (run.Find.Value is { } path)
        {
            using var value = FoundValue.In(element.Raw, path);
            if (value is null or { IsNull: true }) return; // one that may not be read
            found.Set(name, run.Find.IsBase64 ? DeclaredResult.Decode(value.ToBytes()) : value.ToBytes());
            return;
        }

        using var secret = await reads.FetchAsync(new RemoteRequest(run.KeyOf(element, name), null, false), cancellationToken).ConfigureAwait(false);
        // Null: deleted since it was listed.
        if (secret?.Value(null) is { } fetched) found.Set(run.FoundNameOf(element, name), fetched);
    }

    private async Task AddMembersAsync(DeclaredSearchRun run, MembersRule rule, JsonPiece element, string name, SecretValues found, CancellationToken cancellationToken)
    {
        using var parts = run.PartsOf(element, name);
        using var answer = await steps.RunAsync(rule.Steps, parts, cancellationToken).ConfigureAwait(false);
        if (answer is null) return; // deleted since it was listed
        using var tags = rule.Tags is null ? null : answer.Find(rule.Tags);
        if (rule.Tags is not null && run.Request.Tags.Count > 0 && !run.HasTags(tags)) return;
        if (rule.Files is { } files) await AddFilesAsync(run, files, answer, parts, found, cancellationToken).ConfigureAwait(false);
        using var secret = DeclaredResult.Secret(name, rule.Results, answer, parts, steps);
        using var members = secret.Values(null);
        foreach (var (key, value) in members!.Entries)
        {
            if (rule.IsUnder) found.Set($"{name}/{key}", [.. value]);
            else if (run.Wants(key) && found.Find(key) is null) found.Set(key, [.. value]);
        }
    }

    private async Task AddFilesAsync(DeclaredSearchRun run, MemberFiles files, DeclaredAnswer answer, Variables parts, SecretValues found, CancellationToken cancellationToken)
    {
        using var list = answer.Find(files.List);
        foreach (var file in list is { IsList: true } ? JsonParts.ElementsOf(list.Piece.Raw) : [])
        {
            if (FoundValue.TextIn(file.Raw, files.Name) is not { } name || !run.Wants(name) || found.Contains(name)) continue;
            using var scope = new Variables(parts);
            foreach (var member in JsonParts.MembersOf(file.Raw)) scope.Set($"item.{Encoding.UTF8.GetString(member.Name())}", member.Value.ToText());
            using var content = await steps.RunOneAsync(files.Step, scope, cancellationToken).ConfigureAwait(false);
            if (content is not null) found.Set(name, content.Body.ToArray());
        }
    }
}
