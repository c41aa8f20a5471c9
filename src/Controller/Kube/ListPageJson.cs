using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// JSON of a page of any kind, made from the JSON of the kind, so that no kind has to declare a list type. Built from metadata, not
/// reflection, so that it survives native AOT.
/// </summary>
internal static class ListPageJson
{
    public static JsonTypeInfo<ListPage<T>> For<T>(JsonTypeInfo<T> item)
        where T : class
    {
        // The naming policy is not part of the context that is combined in.
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(new Resolver<T>(item), KubeJson.Default),
        };
        return (JsonTypeInfo<ListPage<T>>)options.GetTypeInfo(typeof(ListPage<T>));
    }

    private sealed class Resolver<T>(JsonTypeInfo<T> item) : IJsonTypeInfoResolver
        where T : class
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
        {
            if (type == typeof(ListPage<T>))
            {
                return JsonMetadataServices.CreateObjectInfo(options, new JsonObjectInfoValues<ListPage<T>>
                {
                    ObjectCreator = static () => new ListPage<T>(),
                    PropertyMetadataInitializer = _ => Properties(options),
                });
            }

            if (type == typeof(List<ListItem<T>>))
            {
                return JsonMetadataServices.CreateListInfo<List<ListItem<T>>, ListItem<T>>(options, new JsonCollectionInfoValues<List<ListItem<T>>>
                {
                    ObjectCreator = static () => [],
                });
            }

            return type == typeof(ListItem<T>)
                ? JsonMetadataServices.CreateValueInfo<ListItem<T>>(options, new ListItemConverter<T>(item))
                : null;
        }

        // The getters are never called, but without one a property that is a collection is silently not read.
        private static JsonPropertyInfo[] Properties(JsonSerializerOptions options) =>
        [
            JsonMetadataServices.CreatePropertyInfo(options, new JsonPropertyInfoValues<ListMetadata?>
            {
                IsProperty = true,
                IsPublic = true,
                DeclaringType = typeof(ListPage<T>),
                PropertyName = nameof(ListPage<>.Metadata),
                JsonPropertyName = "metadata",
                Getter = static page => ((ListPage<T>)page).Metadata,
                Setter = static (page, value) => ((ListPage<T>)page).Metadata = value,
            }),
            JsonMetadataServices.CreatePropertyInfo(options, new JsonPropertyInfoValues<List<ListItem<T>>?>
            {
                IsProperty = true,
                IsPublic = true,
                DeclaringType = typeof(ListPage<T>),
                PropertyName = nameof(ListPage<>.Items),
                JsonPropertyName = "items",
                Getter = static page => ((ListPage<T>)page).Items,
                Setter = static (page, value) => ((ListPage<T>)page).Items = value,
            }),
        ];
    }
}
